package io.sharekeep.threshold.ecdsa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.Altered;
import io.sharekeep.threshold.keygen.SeededRandomness;
import io.sharekeep.threshold.keygen.TestParty;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures made before their message, and the one use of each. */
@LeavesNothing
class PresignatureTest {
  private static final Group GROUP = Groups.open(new SeededRandomness(4)).secp256k1();
  private static final TestKey KEY = new TestKey(GROUP, 1, 2, 1, 1, 1);
  private static final List<PartyId> SIGNERS = List.of(new PartyId(1), new PartyId(3));
  private static final Octets DIGEST = Octets.of(Model.h32("sid", 99));
  private static final SigningKey STORED = SigningKey.stored(GROUP, KEY.publicKey);

  private static TestSigner.Ceremony presigned(TestSigner.Mutator rogue) {
    var context = KEY.context(Protocol.PRESIGN, SIGNERS, List.of(), 5);
    var ceremony = new TestSigner.Ceremony(STORED, DIGEST);
    for (var id : SIGNERS) {
      ceremony.with(
          new TestSigner(
              KEY, context, id, GROUP, 3, id.value() == 3 ? rogue : TestSigner.Mutator.HONEST));
    }
    return ceremony.run();
  }

  private static SessionContext online(List<PartyId> signers, Octets presignature) {
    return KEY.online(signers, presignature, 5);
  }

  /** The two rounds of use; what the last party opens can be altered. */
  private static List<Step<EcdsaSignature>> used(
      TestSigner.Ceremony ceremony, SigningKey key, Octets digest, int alteredField) {
    SortedMap<PartyId, TestParty> parties = new TreeMap<>();
    SortedMap<PartyId, Opened> opened = new TreeMap<>();
    var results = new ArrayList<Step<EcdsaSignature>>();
    try {
      var sent = new ArrayList<SignedEnvelope>();
      for (var signer : ceremony.signers.values()) {
        var own = signer.presignature.orElseThrow();
        var party = new TestParty(online(SIGNERS, own.session()), signer.party.id, GROUP, 8);
        parties.put(party.id, party);
        var state = own.open(party.endpoint, key, digest, Optional.empty());
        opened.put(party.id, state.orElseThrow());
        var envelope = state.get().outbox().getFirst();
        if (alteredField >= 0 && party.id.value() == 3) {
          var payload = envelope.envelope().payload().toArray();
          Tampering.flip(Rounds.OPENING.field(MemorySegment.ofArray(payload), alteredField), 5);
          envelope = party.signer.sign(Altered.payload(envelope.envelope(), Octets.of(payload)));
        }
        sent.add(envelope);
      }
      deliver(parties, 1, sent);
      SortedMap<PartyId, Partial> partials = new TreeMap<>();
      for (var entry : opened.entrySet()) {
        switch (entry.getValue().sign()) {
          case Step.Advanced<Partial>(Partial partial) -> partials.put(entry.getKey(), partial);
          case Step.Aborted<Partial>(Fault fault, List<PartyId> culprits) ->
              results.add(new Step.Aborted<>(fault, culprits));
        }
      }
      if (partials.size() == parties.size()) {
        deliver(parties, 2, partials.values().stream().flatMap(p -> p.outbox().stream()).toList());
        partials.values().forEach(p -> results.add(p.combine(TestSigner.VERIFIER)));
      }
      return results;
    } finally {
      opened.values().forEach(Opened::close);
      parties.values().forEach(TestParty::close);
    }
  }

  private static void deliver(
      SortedMap<PartyId, TestParty> parties, int round, List<SignedEnvelope> sent) {
    for (var envelope : sent) {
      for (var party : parties.values()) {
        if (!envelope.envelope().from().equals(party.id)) {
          party.endpoint.receive(round, envelope.encoded(), TestParty.NOW, _ -> 0);
        }
      }
    }
  }

  private static EcdsaSignature signature(SigningKey key, Octets digest) {
    try (var ceremony = presigned(TestSigner.Mutator.HONEST)) {
      var results = used(ceremony, key, digest, -1);
      assertEquals(2, results.size());
      assertEquals(results.getFirst(), results.getLast());
      var signature = assertInstanceOf(Step.Advanced.class, results.getFirst()).state();
      assertTrue(SigningTest.verifies(key, digest, (EcdsaSignature) signature));
      return (EcdsaSignature) signature;
    }
  }

  /** T-GS: δ hangs on message and derivation, so the same presignature gives other nonces. */
  @Test
  void theNonceMovesWithMessageAndPath() {
    var derived =
        SigningKey.derived(GROUP, KEY.publicKey, GROUP.publicOps().scalar(77)).orElseThrow();
    var first = signature(STORED, DIGEST);
    assertEquals(first, signature(STORED, DIGEST)); // the harness is seeded
    assertNotEquals(first.r(), signature(STORED, Octets.of(Model.h32("sid", 100))).r());
    assertNotEquals(first.r(), signature(derived, DIGEST).r());
  }

  @Test
  void aPresignatureServesOneRequest() {
    try (var ceremony = presigned(TestSigner.Mutator.HONEST)) {
      used(ceremony, STORED, DIGEST, -1);
      var presignature = ceremony.signer(1).presignature.orElseThrow();
      try (var party =
          new TestParty(online(SIGNERS, presignature.session()), new PartyId(1), GROUP, 9)) {
        assertEquals(
            Optional.empty(),
            presignature.open(
                party.endpoint, STORED, Octets.of(Model.h32("sid", 1)), Optional.empty()));
      }
    }
  }

  @Test
  void entropyThatWasNotCommittedToIsBlamed() {
    try (var ceremony = presigned(TestSigner.Mutator.HONEST)) {
      var results = used(ceremony, STORED, DIGEST, 1);
      assertEquals(
          new Step.Aborted<EcdsaSignature>(Fault.BAD_COMMITMENT, List.of(new PartyId(3))),
          results.getFirst());
    }
  }

  @Test
  void anOpeningOfAnotherPresignatureIsRefused() {
    try (var ceremony = presigned(TestSigner.Mutator.HONEST)) {
      var results = used(ceremony, STORED, DIGEST, 0);
      assertEquals(
          new Step.Aborted<EcdsaSignature>(Fault.BAD_ENCODING, List.of(new PartyId(3))),
          results.getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whoCertifiesSomethingElseIsBlamed(int field) {
    try (var ceremony =
        presigned((round, _, payload) -> {
          if (round == 4) {
            Tampering.flip(Rounds.CERTIFICATE.field(payload, field), 3);
          }
          return round == 4;
        })) {
      assertEquals(
          Optional.of(new Step.Aborted<>(Fault.BAD_CERTIFICATE, List.of(new PartyId(3)))),
          ceremony.signer(1).aborted);
      assertTrue(ceremony.signer(1).presignature.isEmpty());
    }
  }

  @Test
  void aSessionOfOthersOrOfAnotherCannotUseIt() {
    try (var ceremony = presigned(TestSigner.Mutator.HONEST)) {
      var presignature = ceremony.signer(1).presignature.orElseThrow();
      var others = List.of(new PartyId(1), new PartyId(2));
      for (var context :
          List.of(
              online(others, presignature.session()),
              online(SIGNERS, Octets.of(Model.h32("sid", 7))))) {
        try (var party = new TestParty(context, new PartyId(1), GROUP, 9)) {
          assertThrows(
              IllegalArgumentException.class,
              () -> presignature.open(party.endpoint, STORED, DIGEST, Optional.empty()));
        }
      }
    }
  }

  /** What a coordinator proposes names one for each message, and only where they are used. */
  @Test
  void aContextNamesWhatItUses() {
    var name = Octets.of(Model.h32("sid", 7));
    var context = online(SIGNERS, name);
    assertEquals(List.of(name), context.presignatures());
    assertEquals(context, SessionContext.decode(context.encoded()).valid().orElseThrow());
    assertNotEquals(context.hash(), online(SIGNERS, Octets.of(Model.h32("sid", 8))).hash());
    assertThrows(
        IllegalArgumentException.class,
        () -> KEY.context(Protocol.ECDSA_ONLINE, SIGNERS, List.of(), 5));
  }

  @Test
  void aPresignSessionSignsNothing() {
    var context = KEY.context(Protocol.PRESIGN, SIGNERS, List.of(), 5);
    try (var ceremony = new TestSigner.Ceremony(STORED, DIGEST)) {
      for (var id : SIGNERS) {
        ceremony.with(new TestSigner(KEY, context, id, GROUP, 3, TestSigner.Mutator.HONEST));
      }
      ceremony.run(3);
      assertThrows(
          IllegalStateException.class, () -> ceremony.signer(1).signAnyway(STORED, DIGEST));
    }
  }
}
