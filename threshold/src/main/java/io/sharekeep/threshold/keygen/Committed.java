package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionId;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Key generation, round 1 sent: this party has chosen its polynomial and committed to it
 * (protocols.md, section 5.2). Goes on with {@link #deal} once every broadcast of round 1 has been
 * accepted by the endpoint.
 */
public final class Committed implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final Committee committee;
  private final Dealer dealer;
  private final SignedEnvelope broadcast;
  private final Once<DealerSecrets> secrets;

  /** What a dealer opens in round 2. It is public from then on, and determines no share. */
  record Dealer(List<Element> coefficients, Octets chainCode, Octets blind) {
    /** com = H32("dkg/com", ctxh, id, n, {A}, cc, blind). */
    Octets commitment(Octets contextHash, PartyId self, Octets nonce) {
      return commitment(contextHash, self, nonce, coefficients, chainCode, blind);
    }

    static Octets commitment(
        Octets contextHash,
        PartyId dealer,
        Octets nonce,
        List<Element> coefficients,
        Octets chainCode,
        Octets blind) {
      var hash =
          TaggedHash.of(Tag.DKG_COMMITMENT)
              .octets(contextHash)
              .party(dealer)
              .octets(nonce)
              .integer(coefficients.size());
      coefficients.forEach(hash::element);
      return hash.octets(chainCode).octets(blind).digest();
    }
  }

  /** The polynomial and the ephemeral X25519 key. */
  record DealerSecrets(Polynomial polynomial, Scratch.Slab ephemeral) implements AutoCloseable {
    @Override
    public void close() {
      try (polynomial) {
        ephemeral.close();
      }
    }

    @Override
    public String toString() {
      return "DealerSecrets[redacted]";
    }
  }

  private Committed(
      Means means,
      Endpoint endpoint,
      Committee committee,
      Dealer dealer,
      SignedEnvelope broadcast,
      DealerSecrets secrets) {
    this.means = means;
    this.endpoint = endpoint;
    this.committee = committee;
    this.dealer = dealer;
    this.broadcast = broadcast;
    this.secrets = new Once<>(secrets);
  }

  /**
   * Chooses a polynomial with exactly t coefficients and broadcasts the commitment to it.
   *
   * @param endpoint of a fresh session whose context the caller has compared with its own records
   * @param checkpoint this party's newest signed log checkpoint
   * @throws IllegalArgumentException when the context is none of a key generation by its whole
   *     committee, or its committee has a {@linkplain Committee#defect defect}
   */
  public static Committed start(Means means, Endpoint endpoint, Optional<Octets> checkpoint) {
    var committee = Ceremony.committee(means, endpoint);
    var polynomial =
        Polynomial.random(
            means.group(), means.scratch(), means.randomness(), committee.threshold());
    var ephemeral = means.scratch().borrow(32);
    var secrets = new DealerSecrets(polynomial, ephemeral);
    try {
      means.randomness().fill(ephemeral.bytes());
      var dealer = new Dealer(polynomial.commitments(), random(means), random(means));
      var nonce = random(means);
      var message =
          new DkgCommitment(
              nonce,
              dealer.commitment(endpoint.contextHash(), endpoint.self(), nonce),
              Octets.of(means.primitives().x25519PublicKey(ephemeral.bytes())));
      var broadcast = endpoint.broadcast(Ceremony.COMMIT, message.encoded(), checkpoint);
      return new Committed(means, endpoint, committee, dealer, broadcast, secrets);
    } catch (RuntimeException | Error failure) {
      secrets.close();
      throw failure;
    }
  }

  public List<SignedEnvelope> outbox() {
    return List.of(broadcast);
  }

  /**
   * Fixes the session id and deals: round 2. The secrets are spent whatever this returns.
   *
   * @throws IllegalStateException when round 1 is not complete
   */
  public Step<Dealt> deal() {
    Ceremony.require(endpoint.missingBroadcasts(Ceremony.COMMIT).isEmpty(), "round 1");
    try (var spent = secrets.spend()) {
      var commitments = new TreeMap<PartyId, DkgCommitment>();
      var faulty = new ArrayList<PartyId>();
      endpoint
          .accepted(Ceremony.COMMIT)
          .forEach((party, envelope) ->
              DkgCommitment.decode(envelope.envelope().payload())
                  .valid()
                  .ifPresentOrElse(
                      message -> commitments.put(party, message), () -> faulty.add(party)));
      if (!faulty.isEmpty()) {
        return new Step.Aborted<>(Fault.BAD_ENCODING, faulty);
      }
      var session = SessionId.ofRoundOne(endpoint.contextHash(), commitments);
      endpoint.fix(session);
      return switch (Channels.agree(
          means.primitives(), means.scratch(), endpoint, commitments, spent.ephemeral().bytes())) {
        case Step.Aborted<Channels>(Fault fault, List<PartyId> culprits) ->
            new Step.Aborted<>(fault, culprits);
        case Step.Advanced<Channels>(Channels channels) ->
            new Step.Advanced<>(
                Dealt.deal(
                    means, endpoint, committee, commitments, dealer, spent.polynomial(), channels));
      };
    }
  }

  private static Octets random(Means means) {
    try (var slab = means.scratch().borrow(32)) {
      means.randomness().fill(slab.bytes());
      return Octets.of(slab.bytes().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    secrets.drain().ifPresent(DealerSecrets::close);
  }

  static MemorySegment scalar(MemorySegment shares, int index) {
    return shares.asSlice(32L * index, 32);
  }
}
