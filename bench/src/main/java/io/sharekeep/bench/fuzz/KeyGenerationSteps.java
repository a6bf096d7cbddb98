package io.sharekeep.bench.fuzz;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.Certifiable;
import io.sharekeep.threshold.keygen.Checked;
import io.sharekeep.threshold.keygen.Committed;
import io.sharekeep.threshold.keygen.Dealt;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Reception;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Key generation at an honest party while another one broadcasts what it likes in one round,
 * validly signed. The first byte of an input chooses the round, the rest is the payload. Whatever
 * it is, the step is a value, names nobody else, and gives its memory back.
 */
final class KeyGenerationSteps implements Target {
  private static final int ROUNDS = 3;

  private final Cast cast = new Cast();
  private final Groups groups = Groups.open(new Seeded(99));
  private final SessionContext context;
  private final Map<Integer, Map<PartyId, SignedEnvelope>> transcript = new TreeMap<>();
  private final int baseline;

  KeyGenerationSteps(GroupId group) {
    this.context =
        cast.keyGeneration(
            group == GroupId.ED25519 ? Suite.FROST_ED25519 : Suite.FROST_SECP256K1_TR);
    this.baseline = cast.scratch().lent();
    record();
  }

  private Means means(PartyId party) {
    return new Means(
        groups.of(context.suite().group()),
        cast.primitives(),
        cast.scratch(),
        new Seeded(1000 + party.value()));
  }

  /** What everybody sends when all are honest: the same in every run, since every source is. */
  private void record() {
    var endpoints = new TreeMap<PartyId, Endpoint>();
    Cast.ids().forEach(id -> endpoints.put(id, cast.endpoint(context, id)));
    var committed = new TreeMap<PartyId, Committed>();
    endpoints.forEach((id, endpoint) ->
        committed.put(id, Committed.start(means(id), endpoint, Optional.empty())));
    carry(1, endpoints, committed, Committed::outbox);
    var dealt = new TreeMap<PartyId, Dealt>();
    committed.forEach((id, state) -> dealt.put(id, advanced(state.deal())));
    carry(2, endpoints, dealt, Dealt::outbox);
    var checked = new TreeMap<PartyId, Checked>();
    dealt.forEach((id, state) -> checked.put(id, advanced(signed(state.check()))));
    carry(3, endpoints, checked, Checked::outbox);
    checked.values().forEach(state -> advanced(state.conclude()).close());
  }

  private <S> void carry(
      int round,
      Map<PartyId, Endpoint> endpoints,
      Map<PartyId, S> states,
      java.util.function.Function<S, List<SignedEnvelope>> outbox) {
    var sent = new TreeMap<PartyId, SignedEnvelope>();
    states.forEach((id, state) -> sent.put(id, outbox.apply(state).getFirst()));
    transcript.put(round, sent);
    endpoints.values().forEach(endpoint -> hear(endpoint, round, Optional.empty()));
  }

  private SignedEnvelope sent(int round, PartyId party) {
    return Optional.ofNullable(transcript.get(round))
        .map(all -> all.get(party))
        .orElseThrow(() -> new IllegalStateException("nothing of round " + round));
  }

  /** The honest payload of the party whose messages are fuzzed. */
  Octets honest(int round) {
    return sent(round, Cast.ROGUE).envelope().payload();
  }

  /** All of a round, with {@code instead} for what the rogue sends. */
  private void hear(Endpoint endpoint, int round, Optional<SignedEnvelope> instead) {
    for (var id : Cast.ids()) {
      if (!id.equals(endpoint.self())) {
        var envelope = id.equals(Cast.ROGUE) ? instead.orElse(sent(round, id)) : sent(round, id);
        var reception = endpoint.receive(round, envelope.encoded(), Cast.NOW, _ -> 0);
        boolean tooLong = envelope.encoded().length > Envelope.MAX_LENGTH;
        Finding.unless(
            tooLong || reception instanceof Reception.Accepted,
            "a valid envelope was not accepted: " + reception);
      }
    }
  }

  @Override
  public void take(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int round = 1 + (input[0] & 0xff) % ROUNDS;
    play(round, Octets.of(Arrays.copyOfRange(input, 1, input.length)));
  }

  /**
   * The victim's step after a round in which the rogue sent this payload.
   *
   * @return whether it advanced
   */
  boolean play(int round, Octets payload) {
    var altered = Optional.of(cast.altered(sent(round, Cast.ROGUE).envelope(), payload));
    if (altered.get().encoded().length > Envelope.MAX_LENGTH) {
      return false;
    }
    var endpoint = cast.endpoint(context, Cast.VICTIM);
    boolean advanced;
    try (var committed = Committed.start(means(Cast.VICTIM), endpoint, Optional.empty())) {
      hear(endpoint, 1, round == 1 ? altered : Optional.empty());
      advanced = round == 1 ? ends(committed.deal()) : later(round, altered, endpoint, committed);
    }
    Finding.unless(
        cast.scratch().lent() == baseline, "slabs are lent after the end, or returned twice");
    return advanced;
  }

  private boolean later(
      int round, Optional<SignedEnvelope> altered, Endpoint endpoint, Committed committed) {
    try (var dealt = advanced(committed.deal())) {
      hear(endpoint, 2, round == 2 ? altered : Optional.empty());
      if (round == 2) {
        return ends(signed(dealt.check()));
      }
      try (var checked = advanced(signed(dealt.check()))) {
        hear(endpoint, 3, altered);
        return ends(checked.conclude());
      }
    }
  }

  /** Here every envelope is signed by its sender. */
  private static <S> S signed(Optional<S> step) {
    return step.orElseThrow(() -> new Finding("a signed envelope was taken for a forgery"));
  }

  private static <S extends AutoCloseable> boolean ends(Step<S> step) {
    return switch (step) {
      case Step.Advanced<S>(S state) -> {
        close(state);
        yield true;
      }
      case Step.Aborted<S>(var fault, var culprits) -> {
        Finding.unless(
            List.of(Cast.ROGUE).containsAll(culprits), fault + " was blamed on " + culprits);
        yield false;
      }
    };
  }

  private static void close(AutoCloseable state) {
    switch (state) {
      case Dealt dealt -> dealt.close();
      case Checked checked -> checked.close();
      case Certifiable certifiable -> certifiable.close();
      default -> throw new IllegalStateException("no state of key generation");
    }
  }

  private static <S> S advanced(Step<S> step) {
    if (step instanceof Step.Advanced<S>(S state)) {
      return state;
    }
    throw new Finding("honest parties aborted: " + step);
  }
}
