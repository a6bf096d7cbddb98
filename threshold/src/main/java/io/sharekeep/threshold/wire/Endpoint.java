package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Ed25519Verifier;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * One party's end of one session: makes its envelopes and judges those of the others, in the order
 * of protocols.md, section 7.3. Holds what was accepted, for views and evidence, and no secret.
 * Belongs to the session's thread.
 */
public final class Endpoint {
  private static final long DIRECTED = 1;

  private final SessionContext context;
  private final Octets contextHash;
  private final PartyId self;
  private final IdentityPins pins;
  private final EnvelopeSigner signer;
  private final Map<PartyId, Pinned> pinned = new HashMap<>();
  private final Map<Integer, SortedMap<PartyId, SignedEnvelope>> broadcasts = new HashMap<>();
  private final Map<Integer, SortedMap<PartyId, SignedEnvelope>> directed = new HashMap<>();

  /** The certificate that a party's first message brought, and what verifies the others. */
  private record Pinned(EnvelopeCertificate certificate, Ed25519Verifier envelopes) {}

  /** What was accepted and has not been verified yet, itself and not its like. */
  private final Set<SignedEnvelope> unproven = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Of complete rounds, once asked for, and as long as nothing in them is forgotten. */
  private final Map<Integer, Octets> views = new HashMap<>();

  private Optional<Octets> session = Optional.empty();

  /**
   * @throws IllegalArgumentException when {@code self} is no signer of the session, or signs under
   *     another name
   */
  public Endpoint(SessionContext context, PartyId self, IdentityPins pins, EnvelopeSigner signer) {
    if (!context.signers().contains(self) || !signer.certificate().body().party().equals(self)) {
      throw new IllegalArgumentException(self + " has no part in this session");
    }
    this.context = context;
    this.contextHash = context.hash();
    this.self = self;
    this.pins = pins;
    this.signer = signer;
  }

  public SessionContext context() {
    return context;
  }

  public Octets contextHash() {
    return contextHash;
  }

  public PartyId self() {
    return self;
  }

  /** The session id, once round 1 has fixed it. */
  public Optional<Octets> session() {
    return session;
  }

  /**
   * Fixes the session id: from here on every message carries it.
   *
   * @throws IllegalStateException on a second call
   */
  public void fix(Octets id) {
    if (session.isPresent()) {
      throw new IllegalStateException("the session id is fixed already");
    }
    session = Optional.of(id.sized(32));
  }

  /**
   * This party's broadcast of a round.
   *
   * @param checkpoint the newest signed log checkpoint, in round 1 only
   */
  public SignedEnvelope broadcast(int round, Octets payload, Optional<Octets> checkpoint) {
    var signed = signer.sign(outgoing(round, Optional.empty(), payload, checkpoint));
    if (broadcasts(round).putIfAbsent(self, signed) != null) {
      throw new IllegalStateException("round " + round + " has been broadcast already");
    }
    return signed;
  }

  /**
   * What sealing within this party's broadcast of a round authenticates: the header that the
   * broadcast will have (protocols.md, section 7.4).
   */
  public byte[] header(int round) {
    return header(round, Optional.empty());
  }

  private byte[] header(int round, Optional<PartyId> to) {
    return outgoing(round, to, Octets.owned(new byte[1]), Optional.empty()).associatedData();
  }

  /**
   * A message that {@code to} alone gets, and can read. What is sealed within a broadcast of the
   * same round has index 0, this has 1.
   *
   * @param plain lent for this call
   */
  public SignedEnvelope seal(int round, PartyId to, Sealing sealing, MemorySegment plain) {
    var sealed = sealing.seal(round, DIRECTED, header(round, Optional.of(to)), plain);
    return signer.sign(outgoing(round, Optional.of(to), Octets.owned(sealed), Optional.empty()));
  }

  /**
   * Opens the message that was accepted from {@code from} for this party alone.
   *
   * @param out exactly as long as the plaintext must be
   * @return false when it does not open to that length
   */
  public boolean open(int round, PartyId from, Sealing sealing, MemorySegment out) {
    var signed =
        Optional.ofNullable(directed(round).get(from))
            .orElseThrow(() -> new IllegalStateException("nothing sealed from " + from));
    var envelope = signed.envelope();
    return sealing.open(round, DIRECTED, envelope.associatedData(), envelope.payload(), out);
  }

  /**
   * Judges an envelope that should belong to {@code round}.
   *
   * @param now in seconds since 1970
   * @param highestSerial the highest certificate serial ever accepted from a party, 0 at first; the
   *     caller records the new one durably when a first message is accepted
   */
  public Reception receive(
      int round, byte[] encoded, long now, ToLongFunction<PartyId> highestSerial) {
    var decoded = SignedEnvelope.decode(encoded).valid();
    if (decoded.isEmpty()) {
      return new Reception.Dropped(DropReason.MALFORMED);
    }
    var signed = decoded.get();
    var envelope = signed.envelope();
    if (envelope.from().equals(self) || !context.signers().contains(envelope.from())) {
      return new Reception.Dropped(DropReason.UNKNOWN_SENDER);
    }
    return switch (certificate(envelope, now, highestSerial)) {
      case Certified.Refused(DropReason reason) -> new Reception.Dropped(reason);
      case Certified.By(Pinned pin) -> judge(round, signed, pin, now);
    };
  }

  /** Who has not been heard in a broadcast round, this party included. */
  public List<PartyId> missingBroadcasts(int round) {
    return context.signers().stream()
        .filter(party -> !broadcasts(round).containsKey(party))
        .toList();
  }

  /** From whom no message of a round for this party alone has come. */
  public List<PartyId> missingSealed(int round) {
    return context.signers().stream()
        .filter(party -> !party.equals(self) && !directed(round).containsKey(party))
        .toList();
  }

  /** From whom something of a round has not come, whether for all or for this party alone. */
  public List<PartyId> missing(int round) {
    var missing = new TreeSet<PartyId>();
    if (broadcast(round)) {
      missing.addAll(missingBroadcasts(round));
    }
    if (dealt(round)) {
      missing.addAll(missingSealed(round));
    }
    return List.copyOf(missing);
  }

  /** The accepted broadcasts of a round and the own one, by sender. */
  public SortedMap<PartyId, SignedEnvelope> accepted(int round) {
    return Collections.unmodifiableSortedMap(broadcasts(round));
  }

  /** All that was accepted from a party, by round: what a report about it is made of. */
  public List<SignedEnvelope> heard(PartyId party) {
    return Stream.of(broadcasts, directed)
        .flatMap(rounds -> rounds.values().stream())
        .flatMap(round -> Stream.ofNullable(round.get(party)))
        .sorted(Comparator.comparingInt(sent -> sent.envelope().round()))
        .toList();
  }

  /**
   * What this party says about others to whoever was not there (protocols.md, section 7.6): round 1
   * of all, what the accused sent to all, and about bad shares what was dealt and complained of.
   * Nothing of it is secret, and no accepted message to one party alone is in it.
   *
   * @param evidence what was not accepted, such as the second of two contradicting messages; first
   *     in the report
   * @param stated in FROST signing: what the shares were made for
   */
  public SignedBlame accuse(
      Fault fault,
      List<PartyId> accused,
      List<SignedEnvelope> evidence,
      Optional<SigningStatement> stated) {
    List.copyOf(broadcasts.keySet()).forEach(this::forgetUnsigned);
    var chosen = new LinkedHashSet<SignedEnvelope>(evidence);
    chosen.addAll(broadcasts(1).values());
    if (fault == Fault.BAD_SHARE) {
      chosen.addAll(broadcasts(2).values()); // whoever is complained about dealt it there
      chosen.addAll(broadcasts(3).values());
    }
    accused.stream()
        .flatMap(party ->
            broadcasts.values().stream().flatMap(round -> Stream.ofNullable(round.get(party))))
        .sorted(Comparator.comparingInt(sent -> sent.envelope().round()))
        .forEach(chosen::add);
    var report = new BlameReport(context, self, fault, accused, List.copyOf(chosen), stated);
    var encoded = report.encoded();
    return new SignedBlame(encoded, report, signer.certificate(), signer.signReport(encoded));
  }

  /** The pinned identity key of a signer of this session. */
  public IdentityKey identity(PartyId party) {
    return pins.find(party)
        .orElseThrow(() -> new IllegalStateException("no identity key is pinned for " + party));
  }

  private sealed interface Certified {
    record By(Pinned pin) implements Certified {}

    record Refused(DropReason reason) implements Certified {}
  }

  private Reception judge(int round, SignedEnvelope signed, Pinned pin, long now) {
    boolean proven = !provesItself(round, signed.envelope());
    if (proven && !signed.verifies(pin.envelopes())) {
      return new Reception.Dropped(DropReason.SIGNATURE);
    }
    var unexpected = unexpected(round, signed.envelope(), now);
    if (unexpected.isPresent()) {
      return new Reception.Dropped(unexpected.get());
    }
    return admit(round, signed, pin, proven);
  }

  /**
   * Whether a message is taken at its word, and its signature verified only if there is a second
   * one, or if {@link #forgetUnsigned} is called.
   *
   * <p>A signature share is right or wrong whoever brings it: the finished signature tells. In
   * round 2 of key generation the dealer opens what it signed in round 1, and seals under keys that
   * it agreed there; what is not its own does not open. And that somebody has seen in round 2 what
   * we have seen, and has no complaint, is what its certificate says again, without which there is
   * no key; nothing secret is answered to it.
   */
  private boolean provesItself(int round, Envelope envelope) {
    return switch (context.protocol()) {
      case FROST_SIGN -> round == 2;
      case DKG ->
          envelope.to().isEmpty()
              && switch (round) {
                case 2 -> seesAlike(2, envelope);
                case 3 -> envelope.payload().equals(DkgComplaints.NONE) && seesAlike(3, envelope);
                default -> false;
              };
      case PAIR_REKEY, PRESIGN, ECDSA_ONLINE, ECDSA_SIGN -> false;
    };
  }

  /** Whether an envelope has our own view of the round before, which we have whole. */
  private boolean seesAlike(int round, Envelope envelope) {
    return session.isPresent()
        && missingBroadcasts(round - 1).isEmpty()
        && envelope.view().equals(Optional.of(view(round - 1)));
  }

  /**
   * Verifies the envelopes of a round whose signatures were left for later, and forgets those that
   * their senders did not sign: a relay may have made them. Before a share is held against anybody.
   *
   * @return who has to be heard again
   */
  public List<PartyId> forgetUnsigned(int round) {
    var forgotten = new ArrayList<PartyId>();
    for (var sent : List.copyOf(broadcasts(round).values())) {
      var from = sent.envelope().from();
      var pin = pinned.get(from);
      if (unproven.remove(sent) && pin != null && !sent.verifies(pin.envelopes())) {
        broadcasts(round).remove(from);
        views.remove(round);
        forgotten.add(from);
      }
    }
    return forgotten;
  }

  private Certified certificate(
      Envelope envelope, long now, ToLongFunction<PartyId> highestSerial) {
    var from = envelope.from();
    var pin = pins.find(from);
    if (pin.isEmpty()) {
      return new Certified.Refused(DropReason.UNKNOWN_SENDER);
    }
    var known = Optional.ofNullable(pinned.get(from));
    if (envelope.certificate().isEmpty()) {
      return known
          .<Certified>map(Certified.By::new)
          .orElseGet(() -> new Certified.Refused(DropReason.CERTIFICATE_MISSING));
    }
    var certificate = envelope.certificate().get();
    if (known.isPresent()) {
      return known.get().certificate().equals(certificate)
          ? new Certified.By(known.get())
          : new Certified.Refused(DropReason.CERTIFICATE_CHANGED);
    }
    var defect = certificate.defect(from, pin.get(), now, highestSerial.applyAsLong(from));
    if (defect.isPresent()) {
      return new Certified.Refused(defect.get());
    }
    return pins.certified(certificate)
        .<Certified>map(envelopes -> new Certified.By(new Pinned(certificate, envelopes)))
        .orElseGet(() -> new Certified.Refused(DropReason.CERTIFICATE_SIGNATURE));
  }

  private Optional<DropReason> unexpected(int round, Envelope envelope, long now) {
    var expectedSession = round == 1 ? Optional.of(contextHash) : session;
    if (!expectedSession.equals(Optional.of(envelope.session()))) {
      return Optional.of(DropReason.FOREIGN_SESSION);
    }
    boolean expected =
        envelope.protocol() == context.protocol()
            && envelope.suite() == context.suite()
            && envelope.keyId().equals(context.keyId())
            && envelope.epoch() == context.epoch()
            && envelope.round() == round
            && envelope.to().map(to -> dealt(round) && to.equals(self)).orElse(broadcast(round))
            && envelope.certificate().isPresent() == (round == 1)
            && envelope.view().isPresent() == viewed(round)
            && (!viewed(round) || missingBroadcasts(broadcastBefore(round)).isEmpty());
    if (!expected) {
      return Optional.of(DropReason.UNEXPECTED);
    }
    return envelope.expiry() != context.deadline() || envelope.expiry() < now
        ? Optional.of(DropReason.EXPIRED)
        : Optional.empty();
  }

  private Reception admit(int round, SignedEnvelope signed, Pinned pin, boolean proven) {
    var envelope = signed.envelope();
    var from = envelope.from();
    var slot = envelope.to().isPresent() ? directed(round) : broadcasts(round);
    var first = slot.get(from);
    if (first != null) {
      if (first.equals(signed)) {
        return new Reception.Dropped(DropReason.REPEATED);
      }
      if (!proven && !signed.verifies(pin.envelopes())) {
        return new Reception.Dropped(DropReason.SIGNATURE);
      }
      if (!unproven.remove(first) || first.verifies(pin.envelopes())) {
        return first.bytes().equals(signed.bytes())
            ? new Reception.Dropped(DropReason.REPEATED)
            : new Reception.Contradiction(
                Fault.EQUIVOCATION, List.of(from), List.of(first, signed));
      }
      broadcasts(round).remove(from); // a relay made it, not its sender
      views.remove(round);
    }
    int viewed = broadcastBefore(round);
    if (viewed(round) && !envelope.view().equals(Optional.of(view(viewed)))) {
      forgetUnsigned(viewed); // evidence is what somebody has signed
      return new Reception.Contradiction(
          Fault.VIEW_MISMATCH,
          List.of(),
          Stream.concat(broadcasts(viewed).values().stream(), Stream.of(signed)).toList());
    }
    if (first == null && !proven) {
      unproven.add(signed);
    }
    pinned.putIfAbsent(from, pin);
    slot.put(from, signed);
    return new Reception.Accepted(signed);
  }

  private Envelope outgoing(
      int round, Optional<PartyId> to, Octets payload, Optional<Octets> checkpoint) {
    return new Envelope(
        context.protocol(),
        context.suite(),
        context.keyId(),
        context.epoch(),
        round == 1 ? contextHash : session.orElseThrow(),
        round,
        self,
        to,
        viewed(round) ? Optional.of(view(broadcastBefore(round))) : Optional.empty(),
        payload,
        context.deadline(),
        round == 1 ? Optional.of(signer.certificate()) : Optional.empty(),
        checkpoint);
  }

  /** In FROST signing the session id holds all of round 1, so round 2 needs no view. */
  private boolean viewed(int round) {
    return switch (context.protocol()) {
      case DKG, PAIR_REKEY, PRESIGN, ECDSA_ONLINE, ECDSA_SIGN -> round > 1;
      case FROST_SIGN -> false;
    };
  }

  /** The rounds in which parties write to each other alone, or also alone. */
  private boolean dealt(int round) {
    return switch (context.protocol()) {
      case DKG -> context.suite() == Suite.DKLS23_SECP256K1 && (round == 2 || round == 3);
      case PAIR_REKEY, PRESIGN, ECDSA_SIGN -> !broadcast(round);
      case ECDSA_ONLINE, FROST_SIGN -> false;
    };
  }

  private boolean broadcast(int round) {
    return switch (context.protocol()) {
      case DKG, ECDSA_ONLINE, FROST_SIGN -> true;
      case PAIR_REKEY, PRESIGN, ECDSA_SIGN -> round != 2 && round != 3;
    };
  }

  private int broadcastBefore(int round) {
    int before = round - 1;
    while (before > 1 && !broadcast(before)) {
      before--;
    }
    return before;
  }

  private Octets view(int round) {
    if (!missingBroadcasts(round).isEmpty()) {
      throw new IllegalStateException("round " + round + " is not complete");
    }
    return views.computeIfAbsent(
        round, _ -> View.of(session.orElseThrow(), round, broadcasts(round)));
  }

  private SortedMap<PartyId, SignedEnvelope> broadcasts(int round) {
    return broadcasts.computeIfAbsent(round, _ -> new TreeMap<>());
  }

  private SortedMap<PartyId, SignedEnvelope> directed(int round) {
    return directed.computeIfAbsent(round, _ -> new TreeMap<>());
  }
}
