package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.cose.CoseHeader;
import io.sharekeep.attestation.cose.CoseSign1;
import io.sharekeep.attestation.eat.Claims;
import io.sharekeep.attestation.eat.KeyClaim;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.note.Checkpoint;
import io.sharekeep.attestation.note.ConsistencyProof;
import io.sharekeep.attestation.note.NoteKey;
import io.sharekeep.attestation.note.SignedNote;
import io.sharekeep.attestation.policy.TrustClaim;
import io.sharekeep.attestation.report.Bundle;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.Parsed;
import java.util.List;
import java.util.Optional;

/** That nothing went back: the chain of reports, and the log. */
final class LogChecks {
  private static final String REMEDY =
      "stop signing with this party; compare its log with what its peers hold";

  private LogChecks() {}

  static List<Finding> sequence(Case c) {
    var claims = c.claims();
    var state = c.policy().state();
    var memory = c.question().memory();
    if (claims.seq() == 0 && !claims.previous().equals(new Octets(new byte[48]))) {
      return back("chain.seq", "report 0 with a predecessor", "none");
    }
    if (claims.seq() < state.minSeq()) {
      return back("chain.seq", "report " + claims.seq(), "at least " + state.minSeq());
    }
    if (memory.isEmpty()) {
      return List.of(
          Finding.pass(
              "chain.seq",
              "report "
                  + claims.seq()
                  + (c.question().remembers() ? ", the first of this unit" : ", no memory kept")));
    }
    var last = memory.get();
    if (claims.seq() == last.seq()) {
      return last.report().equals(c.sha384())
          ? List.of(Finding.pass("chain.seq", "report " + claims.seq() + ", seen before"))
          : back("chain.seq", "another report " + claims.seq(), "the one seen before");
    }
    if (claims.seq() < last.seq()) {
      return back("chain.seq", "report " + claims.seq(), "one after " + last.seq());
    }
    return linked(c, last);
  }

  /** Whether reports in the bundle lead from the last one seen to this one. */
  private static List<Finding> linked(Case c, Memory last) {
    var claims = c.claims();
    if (claims.seq() == last.seq() + 1) {
      return claims.previous().equals(last.report())
          ? List.of(Finding.pass("chain.seq", last.seq() + " → " + claims.seq()))
          : back("chain.seq", "a predecessor that was not the last report", "the last one seen");
    }
    if (!(c.bundle().list(Bundle.PREVIOUS) instanceof Parsed.Valid<List<Octets>>(var reports))) {
      return List.of(
          Finding.fail(
              "chain.seq", Exit.MALFORMED, "member previous is no list", "reports", "ask again"));
    }
    long expected = last.seq() + 1;
    var link = last.report();
    for (var report : reports) {
      var between = between(c, report);
      if (between.isPresent() && between.get().seq() == expected) {
        if (!between.get().previous().equals(link)) {
          return back("chain.seq", "report " + expected + " with another predecessor", "its own");
        }
        link = Octets.sha384(report.value());
        expected++;
      }
    }
    if (expected == claims.seq()) {
      return claims.previous().equals(link)
          ? List.of(Finding.pass("chain.seq", last.seq() + " → " + claims.seq() + ", all there"))
          : back("chain.seq", "a predecessor that is not in the bundle", "the one before");
    }
    var gap = last.seq() + " → " + claims.seq() + ", reports between are missing";
    return c.policy().state().chainRequired()
        ? back("chain.seq", gap, "every report between, in member previous")
        : List.of(
            Finding.warn(
                "chain.seq",
                TrustClaim.CONFIGURATION,
                36,
                gap,
                "every report between",
                "ask with the number of the last report seen"));
  }

  /** Claims of an earlier report that the same key signed. */
  private static Optional<Claims> between(Case c, Octets report) {
    return CoseSign1.read(report.value(), CoseHeader.REPORT, CborLimits.REPORT)
        .valid()
        .filter(sign1 -> sign1.isSignedBy(c.leaf().getPublicKey()))
        .flatMap(sign1 -> Claims.read(sign1.payload()).valid())
        .filter(claims -> claims.unit().ueid().equals(c.claims().unit().ueid()));
  }

  static List<Finding> checkpoint(Case c) {
    var checkpoint = trusted(c);
    if (checkpoint.isEmpty()) {
      return back(
          "log.checkpoint", "a checkpoint that the log key has not signed", "one that it has");
    }
    var log = c.claims().log();
    long size = checkpoint.get().size();
    if (size < log.sizeAtPrevious()) {
      return back("log.checkpoint", size + " entries", "no fewer than " + log.sizeAtPrevious());
    }
    return size < c.policy().state().minLogSize()
        ? back("log.checkpoint", size + " entries", "at least " + c.policy().state().minLogSize())
        : List.of(Finding.pass("log.checkpoint", size + " entries"));
  }

  private static Optional<NoteKey> logKey(Case c, String origin) {
    return c.claims()
        .hsm()
        .key(KeyClaim.Role.LOG)
        .flatMap(KeyClaim::spki)
        .flatMap(spki -> NoteKey.log(origin, spki.value()));
  }

  private static Optional<SignedNote> note(Case c) {
    return SignedNote.read(c.claims().log().checkpoint().value());
  }

  /** The checkpoint, if the log key that the report lists has signed it. */
  private static Optional<Checkpoint> trusted(Case c) {
    return note(c)
        .flatMap(note ->
            Checkpoint.read(note.text())
                .filter(checkpoint ->
                    logKey(c, checkpoint.origin())
                        .filter(key -> note.by(key) instanceof SignedNote.Verified.Signed)
                        .isPresent()));
  }

  static List<Finding> grown(Case c) {
    var memory = c.question().memory();
    var checkpoint = trusted(c);
    if (memory.isEmpty() || checkpoint.isEmpty()) {
      return List.of(); // The first meeting, or a checkpoint that has failed already.
    }
    var last = memory.get();
    var now = checkpoint.get();
    var root = new Octets(now.root());
    if (now.size() < last.logSize()) {
      return back("log.grown", now.size() + " entries", "no fewer than " + last.logSize());
    }
    if (now.size() == last.logSize()) {
      return root.equals(last.logRoot())
          ? List.of(Finding.pass("log.grown", now.size() + " entries, as before"))
          : back("log.grown", "another history of " + now.size() + " entries", "the one seen");
    }
    if (!(c.bundle().list(Bundle.LOG_PROOF) instanceof Parsed.Valid<List<Octets>>(var nodes))) {
      return List.of(
          Finding.fail(
              "log.grown", Exit.MALFORMED, "member log-proof is no list", "hashes", "ask again"));
    }
    var step = last.logSize() + " → " + now.size();
    if (nodes.isEmpty() && c.bundle().content(Bundle.LOG_PROOF).isEmpty()) {
      return List.of(
          Finding.missing(
              "log.grown",
              step + " without a proof",
              "member log-proof",
              "ask with the size of the log last seen"));
    }
    return new ConsistencyProof(nodes).shows(last.logSize(), last.logRoot(), now.size(), root)
        ? List.of(Finding.pass("log.grown", step + " consistent"))
        : back("log.grown", step + " with a proof that is false", "the same history, longer");
  }

  static List<Finding> witnesses(Case c) {
    var trust = c.policy().trust();
    if (trust.witnesses().isEmpty()) {
      return List.of();
    }
    var note = note(c);
    int cosigned = 0;
    for (var witness : trust.witnesses()) {
      var by = note.map(n -> n.by(witness)).orElseGet(SignedNote.Verified.Absent::new);
      switch (by) {
        case SignedNote.Verified.Bad _ -> {
          return back(
              "log.witnesses", "a cosignature of " + witness.name() + " that is wrong", "its own");
        }
        case SignedNote.Verified.Signed _ -> cosigned++;
        case SignedNote.Verified.Absent _ -> {}
      }
    }
    return cosigned >= trust.quorum()
        ? List.of(Finding.pass("log.witnesses", cosigned + " witnesses"))
        : List.of(
            Finding.missing(
                "log.witnesses",
                cosigned + " witnesses",
                "at least " + trust.quorum(),
                "see whether the witnesses reach this party"));
  }

  /** The latest time that a known witness states, Unix seconds. */
  static Optional<Long> cosignedAt(Case c) {
    return note(c)
        .flatMap(note ->
            c.policy().trust().witnesses().stream()
                .map(note::by)
                .filter(SignedNote.Verified.Signed.class::isInstance)
                .map(by -> ((SignedNote.Verified.Signed) by).time())
                .max(Long::compareTo))
        .filter(time -> time > 0);
  }

  /** Whether anybody but the log's own key has signed. */
  static boolean isWitnessed(Case c) {
    return note(c).filter(note -> note.lines().size() > 1).isPresent();
  }

  private static List<Finding> back(String check, String found, String expected) {
    return List.of(Finding.fail(check, Exit.ROLLBACK, found, expected, REMEDY));
  }
}
