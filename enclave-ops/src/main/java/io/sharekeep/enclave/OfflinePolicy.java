package io.sharekeep.enclave;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.rules.CaseTable;
import io.sharekeep.enclave.rules.Policy;
import io.sharekeep.enclave.rules.PolicyDiff;
import io.sharekeep.enclave.rules.PolicyLint;
import io.sharekeep.enclave.rules.PolicyReader;
import io.sharekeep.enclave.rules.Ruling;
import io.sharekeep.enclave.rules.RulingJson;
import io.sharekeep.enclave.rules.Succession;
import io.sharekeep.enclave.rules.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A typed policy on files alone, as its author and CI look at it: by the same reader and the same
 * evaluation as anywhere else. It holds nothing and changes nothing.
 */
public final class OfflinePolicy {
  private final Policy policy;
  private final byte[] canonical;

  private OfflinePolicy(Policy policy, byte[] canonical) {
    this.policy = policy;
    this.canonical = canonical;
  }

  /** Either a policy or what is wrong with the document. */
  public sealed interface Parsed {
    record Valid(OfflinePolicy policy) implements Parsed {}

    /**
     * @param field its names and places joined by dots, such as {@code rules[3].match.asset}; empty
     *     where no single field is to blame
     * @param reason names the field too
     */
    record Malformed(String field, String reason) implements Parsed {}
  }

  /**
   * Reads the bare document.
   *
   * @param json at most 256 KiB
   */
  public static Parsed parse(byte[] json) {
    if (json.length > DocumentFile.MAX_BYTES) {
      return new Parsed.Malformed(
          "", "a policy is at most " + DocumentFile.MAX_BYTES + " bytes of JSON");
    }
    try {
      var object = StrictJson.object(json);
      return new Parsed.Valid(
          new OfflinePolicy(PolicyReader.read(object), CanonicalJson.bytes(object)));
    } catch (MalformedJson e) {
      return new Parsed.Malformed(e.path(), e.reason());
    }
  }

  /** What is signed: RFC 8785 canonical JSON. */
  public byte[] canonical() {
    return canonical.clone();
  }

  public int version() {
    return policy.header().version();
  }

  /**
   * What lint says.
   *
   * @param level {@code error}, {@code warning} or {@code note}
   * @param code stable
   */
  public record Finding(String level, String code, String field, String text) {}

  /** What reads well and may still be wrong. */
  public List<Finding> lint() {
    return findings(Optional.empty());
  }

  /** The same for a committee whose parties weigh alike, with what its quorums can spend. */
  public List<Finding> lint(int parties, int threshold) {
    return findings(Optional.of(new PolicyLint.Committee(parties, threshold)));
  }

  private List<Finding> findings(Optional<PolicyLint.Committee> committee) {
    return PolicyLint.of(policy, committee).stream()
        .map(f -> new Finding(f.level().label(), f.code(), f.path(), f.text()))
        .toList();
  }

  /**
   * @param direction {@code tightening}, {@code loosening} or {@code neutral}
   */
  public record Difference(String direction, String what, String how) {}

  /** What the other one changes in this one. */
  public List<Difference> differences(OfflinePolicy next) {
    return PolicyDiff.between(policy, next.policy).stream()
        .map(d -> new Difference(d.direction().label(), d.what(), d.how()))
        .toList();
  }

  /**
   * @param objections why it may not follow; empty if it may
   * @param timelock how long it waits after its last signature
   */
  public record Following(
      List<String> objections,
      boolean tightensOnly,
      Set<String> signers,
      Duration timelock,
      Instant activeFrom) {
    public Following {
      objections = List.copyOf(objections);
      signers = new TreeSet<>(signers);
    }
  }

  /**
   * Whether a signed document may take the place of this one: judged by this one alone.
   *
   * @param hash of this one, as signed: 64 hex digits
   * @param lastSignature when the last of them was seen
   */
  public Following follows(String hash, DocumentFile next, Instant lastSignature) {
    var fresh = PolicyReader.read(StrictJson.object(next.canonical()));
    var signers = new HashSet<String>();
    policy
        .actors()
        .forEach((name, actor) -> {
          if (!actor.service()
              && actor.keys().stream()
                  .anyMatch(key -> next.signedBy(HexFormat.of().parseHex(key.spki())))) {
            signers.add(name);
          }
        });
    var succession = Succession.of(policy, hash, fresh, signers);
    return new Following(
        succession.objections(),
        succession.tightensOnly(),
        signers,
        succession.timelock(),
        succession.activeFrom(lastSignature, fresh));
  }

  /**
   * One case and what became of it.
   *
   * @param surprises what is otherwise than expected, in sentences
   * @param explanation the whole decision, step by step
   */
  public record CaseOutcome(
      String id, String decision, String rule, List<String> surprises, ObjectNode explanation) {
    public CaseOutcome {
      surprises = List.copyOf(surprises);
    }
  }

  /** What a table of cases came to, or what is wrong with it. */
  public sealed interface Tried {
    /**
     * @param untried rules that no case meets
     */
    record Outcomes(List<CaseOutcome> cases, List<String> untried) implements Tried {
      public Outcomes {
        cases = List.copyOf(cases);
        untried = List.copyOf(untried);
      }
    }

    record Malformed(String field, String reason) implements Tried {}
  }

  /** Decides every case of a table. */
  public Tried run(byte[] json) {
    try {
      var table = CaseTable.read(StrictJson.object(json), policy);
      var outcomes = new ArrayList<CaseOutcome>();
      var met = new HashSet<String>();
      for (var one : table.cases()) {
        var ruling = table.rule(policy, one);
        met.add(ruling.result().rule());
        ruling.trace().stream()
            .filter(traced -> traced.verdict() instanceof Verdict.Matched)
            .forEach(traced -> met.add(traced.rule().id()));
        outcomes.add(
            new CaseOutcome(
                one.id(),
                ruling.word(),
                ruling.result().rule(),
                CaseTable.surprises(one, ruling),
                explanation(ruling)));
      }
      return new Tried.Outcomes(
          outcomes,
          policy.rules().stream().map(rule -> rule.id()).filter(id -> !met.contains(id)).toList());
    } catch (MalformedJson e) {
      return new Tried.Malformed(e.path(), e.reason());
    }
  }

  private static ObjectNode explanation(Ruling ruling) {
    var json = RulingJson.of(ruling);
    var limits = json.putArray("limits");
    ruling
        .charges()
        .forEach(charge ->
            limits
                .addObject()
                .put("id", charge.limit().id())
                .put("window", charge.bucket())
                .put("before", charge.before().toString())
                .put("charge", charge.amount().toString())
                .put("most", charge.most().toString())
                .put("fits", charge.fits()));
    return json;
  }
}
