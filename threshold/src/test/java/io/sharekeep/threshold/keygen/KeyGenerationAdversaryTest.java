package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.blame.Finding.Kind;
import io.sharekeep.threshold.blame.Verdict;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.keygen.TestCeremony.Ending;
import io.sharekeep.threshold.keygen.TestCeremony.Relay;
import io.sharekeep.threshold.wire.DkgComplaints.Complaint;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.DropReason;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who deviates is named, by exactly those who can know; who cannot know names nobody. */
@LeavesNothing
class KeyGenerationAdversaryTest {
  private static final long SEED = 7;
  private static final PartyId ONE = new PartyId(1);
  private static final PartyId TWO = new PartyId(2);
  private static final PartyId THREE = new PartyId(3);

  private static TestCeremony ceremony(Suite suite) {
    return new TestCeremony(TestGroups.of(suite), suite, TestCeremony.committee(2, 3), SEED);
  }

  private static void assertAborted(
      TestCeremony ceremony, PartyId at, Fault fault, PartyId... culprits) {
    assertAborted(ceremony, at, Kind.PROVED, fault, culprits);
  }

  /**
   * @param worth of its report to whoever was not there
   */
  private static void assertAborted(
      TestCeremony ceremony, PartyId at, Kind worth, Fault fault, PartyId... culprits) {
    assertEquals(new Ending.Aborted(fault, List.of(culprits)), ceremony.endings.get(at));
    var judged = assertInstanceOf(Verdict.Judged.class, ceremony.judged(ceremony.blame(at)));
    assertEquals(
        Stream.of(culprits).map(culprit -> culprit + " " + worth).toList(),
        judged.findings().stream()
            .map(finding -> finding.accused() + " " + finding.kind())
            .toList(),
        judged::toString);
  }

  static Stream<Suite> suites() {
    return Stream.of(Suite.FROST_ED25519, Suite.FROST_SECP256K1_TR);
  }

  private static void flip(MemorySegment segment, long at) {
    segment.set(ValueLayout.JAVA_BYTE, at, (byte) (segment.get(ValueLayout.JAVA_BYTE, at) ^ 1));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void aShareOffThePolynomialIsProvedToAll(Suite suite) {
    try (var ceremony = ceremony(suite)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            void spoil(PartyId recipient, MemorySegment payload) {
              if (recipient.equals(ONE)) {
                flip(payload, 4 + 16);
              }
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_SHARE, THREE);
      assertAborted(ceremony, TWO, Fault.BAD_SHARE, THREE);
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void aShareThatIsNoScalarIsProvedToAll(Suite suite) {
    try (var ceremony = ceremony(suite)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            void spoil(PartyId recipient, MemorySegment payload) {
              payload.asSlice(4, 32).fill((byte) 0xff);
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_SHARE, THREE);
      assertAborted(ceremony, TWO, Fault.BAD_SHARE, THREE);
    }
  }

  @Test
  void aSealedMessageThatIsFramedOtherwiseIsProvedToAll() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            void spoil(PartyId recipient, MemorySegment payload) {
              if (recipient.equals(TWO)) {
                flip(payload, 1);
              }
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_SHARE, THREE);
      assertAborted(ceremony, TWO, Fault.BAD_SHARE, THREE);
    }
  }

  @Test
  void aSealedMessageOfAnotherLengthIsProvedToAll() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            int length(PartyId recipient) {
              return super.length(recipient) - (recipient.equals(TWO) ? 1 : 0);
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_SHARE, THREE);
      assertAborted(ceremony, TWO, Fault.BAD_SHARE, THREE);
    }
  }

  @Test
  void whatOpensForNobodyIsBlamedByItsRecipientAlone() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            List<DkgOpening.Sealed> sealed() {
              return super.sealed().stream()
                  .map(each ->
                      each.to().equals(ONE)
                          ? new DkgOpening.Sealed(ONE, Octets.of(new byte[36 + 16]))
                          : each)
                  .toList();
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Kind.WORD, Fault.BAD_SHARE, THREE);
      assertAborted(ceremony, TWO, Fault.BAD_SHARE);
    }
  }

  @Test
  void whoComplainsOfAGoodShareIsAtFault() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            List<Complaint> complaints() {
              return List.of(
                  new Complaint(
                      ONE, new EvaluationPoint(3), channels.orElseThrow().to(ONE).reveal(2, 0)));
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_SHARE, THREE);
      assertAborted(ceremony, TWO, Fault.BAD_SHARE, THREE);
    }
  }

  @Test
  void whoComplainsOfAPointThatIsNotItsOwnIsAtFault() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            List<Complaint> complaints() {
              return List.of(
                  new Complaint(
                      ONE, new EvaluationPoint(2), channels.orElseThrow().to(ONE).reveal(2, 0)));
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_SHARE, THREE);
      assertAborted(ceremony, TWO, Fault.BAD_SHARE, THREE);
    }
  }

  @Test
  void whoComplainsOfItselfOrOfAStrangerIsAtFault() {
    for (var accused : List.of(THREE, new PartyId(9))) {
      try (var ceremony = ceremony(Suite.FROST_ED25519)) {
        Rogue.join(
            new Rogue(ceremony, THREE, 2) {
              @Override
              List<Complaint> complaints() {
                return List.of(
                    new Complaint(accused, new EvaluationPoint(3), Octets.of(new byte[32])));
              }
            });
        ceremony.run(Relay.HONEST);

        assertAborted(ceremony, ONE, Fault.BAD_SHARE, THREE);
        assertAborted(ceremony, TWO, Fault.BAD_SHARE, THREE);
      }
    }
  }

  @Test
  void aRevealedKeyThatOpensNothingBlamesNobody() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            List<Complaint> complaints() {
              return List.of(new Complaint(ONE, new EvaluationPoint(3), Octets.of(new byte[32])));
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_SHARE);
      assertAborted(ceremony, TWO, Fault.BAD_SHARE);
    }
  }

  @Test
  void whoDealsToNotEverybodyOrToAStrangerIsBlamed() {
    List<UnaryOperator<List<DkgOpening.Sealed>>> changes =
        List.of(
            sealed -> sealed.subList(0, 1),
            sealed -> List.of(),
            sealed ->
                List.of(
                    sealed.getFirst(),
                    sealed.getLast(),
                    new DkgOpening.Sealed(THREE, sealed.getLast().payload())),
            sealed ->
                List.of(
                    sealed.getFirst(),
                    new DkgOpening.Sealed(new PartyId(9), sealed.getLast().payload())));
    for (var change : changes) {
      try (var ceremony = ceremony(Suite.FROST_ED25519)) {
        Rogue.join(
            new Rogue(ceremony, THREE, 2) {
              @Override
              List<DkgOpening.Sealed> sealed() {
                return change.apply(super.sealed());
              }
            });
        ceremony.run(Relay.HONEST);

        assertAborted(ceremony, ONE, Fault.BAD_ENCODING, THREE);
        assertAborted(ceremony, TWO, Fault.BAD_ENCODING, THREE);
      }
    }
  }

  @Test
  void sharesSealedUnderAnotherHeaderDoNotOpen() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            byte[] header() {
              return new byte[] {1};
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Kind.WORD, Fault.BAD_SHARE, THREE);
      assertAborted(ceremony, TWO, Kind.WORD, Fault.BAD_SHARE, THREE);
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void aWrongProofOfPossessionIsBlamed(Suite suite) {
    try (var ceremony = ceremony(suite)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            ProofOfPossession proof() {
              var honest = super.proof();
              var ops = party.means.group().publicOps();
              return new ProofOfPossession(
                  honest.commitment(), ops.add(honest.response(), ops.scalar(1)));
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_PROOF, THREE);
      assertAborted(ceremony, TWO, Fault.BAD_PROOF, THREE);
    }
  }

  @Test
  void anothersConstantTermWithItsProofIsBlamed() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      var victim = new Rogue(ceremony, TWO, 2);
      Rogue.join(victim);
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            private final Committed.Dealer copied =
                new Committed.Dealer(
                    List.of(
                        victim.dealer.coefficients().getFirst(), dealer.coefficients().getLast()),
                    dealer.chainCode(),
                    dealer.blind());

            @Override
            Committed.Dealer committed() {
              return copied;
            }

            @Override
            Octets openingPayload(DkgOpening honest) {
              var proof = victim.proof();
              return new DkgOpening(
                      copied.coefficients(),
                      copied.chainCode(),
                      copied.blind(),
                      proof.commitment(),
                      proof.response(),
                      honest.sealed())
                  .encoded();
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_PROOF, THREE);
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void aKeyThatCancelsTheOthersNeedsAProofNobodyHas(Suite suite) {
    try (var ceremony = ceremony(suite)) {
      var victim = new Rogue(ceremony, TWO, 2);
      Rogue.join(victim);
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            private final Committed.Dealer cancelling =
                new Committed.Dealer(
                    List.of(
                        party
                            .means
                            .group()
                            .publicOps()
                            .negate(victim.dealer.coefficients().getFirst()),
                        dealer.coefficients().getLast()),
                    dealer.chainCode(),
                    dealer.blind());

            @Override
            Committed.Dealer committed() {
              return cancelling;
            }

            @Override
            Octets openingPayload(DkgOpening honest) {
              return new DkgOpening(
                      cancelling.coefficients(),
                      cancelling.chainCode(),
                      cancelling.blind(),
                      honest.proofCommitment(),
                      honest.proofResponse(),
                      honest.sealed())
                  .encoded();
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_PROOF, THREE);
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void aCoefficientTooManyOrTooFewIsBlamed(Suite suite) {
    for (int terms : new int[] {1, 3}) {
      try (var ceremony = ceremony(suite)) {
        Rogue.join(new Rogue(ceremony, THREE, terms));
        ceremony.run(Relay.HONEST);

        assertAborted(ceremony, ONE, Fault.BAD_DEGREE, THREE);
        assertAborted(ceremony, TWO, Fault.BAD_DEGREE, THREE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void anIdentityCoefficientIsBlamed(Suite suite) {
    var identity = new byte[suite.group().elementLength()];
    if (suite.group() == GroupId.ED25519) {
      identity[0] = 1;
    }
    try (var ceremony = ceremony(suite)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            Octets openingPayload(DkgOpening honest) {
              return Octets.of(
                  CborEncoder.encode(
                      CborProfile.WIRE,
                      Cbor.map(map ->
                          map.put(
                                  1,
                                  Cbor.list(
                                      Cbor.bytes(honest.coefficients().getFirst().encoded()),
                                      Cbor.bytes(identity)))
                              .put(2, honest.chainCode().toArray())
                              .put(3, honest.blind().toArray())
                              .put(4, honest.proofCommitment().toArray())
                              .put(5, honest.proofResponse().encoded())
                              .put(
                                  6,
                                  Cbor.list(
                                      honest.sealed().stream()
                                          .map(each ->
                                              Cbor.list(
                                                  Cbor.uint(each.to().value()),
                                                  Cbor.bytes(each.payload().toArray())))
                                          .toList())))));
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.BAD_ENCODING, THREE);
      assertAborted(ceremony, TWO, Fault.BAD_ENCODING, THREE);
    }
  }

  @Test
  void anOpeningToAnythingElseThanTheCommitmentIsBlamed() {
    var other =
        Octets.of(
            new byte[] {
              1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
              1, 1, 1
            });
    for (int field = 0; field < 3; field++) {
      int changed = field;
      try (var ceremony = ceremony(Suite.FROST_ED25519)) {
        Rogue.join(
            new Rogue(ceremony, THREE, 2) {
              @Override
              Octets openingPayload(DkgOpening honest) {
                var coefficients = new ArrayList<Element>(honest.coefficients());
                if (changed == 0) {
                  coefficients.set(1, party.means.group().publicOps().generator());
                }
                return new DkgOpening(
                        coefficients,
                        changed == 1 ? other : honest.chainCode(),
                        changed == 2 ? other : honest.blind(),
                        honest.proofCommitment(),
                        honest.proofResponse(),
                        honest.sealed())
                    .encoded();
              }
            });
        ceremony.run(Relay.HONEST);

        assertAborted(ceremony, ONE, Fault.BAD_COMMITMENT, THREE);
        assertAborted(ceremony, TWO, Fault.BAD_COMMITMENT, THREE);
      }
    }
  }

  @Test
  void twoOpeningsForTwoPartiesEndBeforeAnyCertificate() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      var rogue =
          new Rogue(ceremony, THREE, 2) {
            Optional<SignedEnvelope> second = Optional.empty();
            Optional<List<DkgOpening.Sealed>> sealed = Optional.empty();

            @Override
            List<DkgOpening.Sealed> sealed() {
              sealed = Optional.of(super.sealed());
              return sealed.get();
            }

            @Override
            public List<SignedEnvelope> send(int round) {
              var sent = super.send(round);
              if (round == 2) {
                var proof = proof(); // another nonce, so another valid proof
                var envelope = sent.getFirst().envelope();
                second =
                    Optional.of(
                        party.signer.sign(
                            Altered.payload(
                                envelope,
                                new DkgOpening(
                                        dealer.coefficients(),
                                        dealer.chainCode(),
                                        dealer.blind(),
                                        proof.commitment(),
                                        proof.response(),
                                        sealed.orElseThrow())
                                    .encoded())));
              }
              return sent;
            }
          };
      Rogue.join(rogue);
      ceremony.run((round, recipient, envelope) ->
          round == 2 && recipient.equals(TWO) && envelope.envelope().from().equals(THREE)
              ? List.of(rogue.second.orElseThrow().encoded())
              : List.of(envelope.encoded()));

      assertAborted(ceremony, ONE, Fault.VIEW_MISMATCH);
      assertAborted(ceremony, TWO, Fault.VIEW_MISMATCH);
      assertEquals(List.of(), ceremony.statements);
    }
  }

  @Test
  void whoIsCaughtWithTwoMessagesForOneRoundIsBlamed() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            public List<SignedEnvelope> send(int round) {
              var sent = new ArrayList<SignedEnvelope>(super.send(round));
              if (round == 1) {
                sent.add(
                    party.signer.sign(
                        Altered.payload(
                            sent.getFirst().envelope(), Octets.of(new byte[] {(byte) 0xa0}))));
              }
              return sent;
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Fault.EQUIVOCATION, THREE);
      assertAborted(ceremony, TWO, Fault.EQUIVOCATION, THREE);
    }
  }

  @Test
  void twoCommitmentsForTwoPartiesMakeTwoSessionsThatNeverMeet() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      var rogue = new Rogue(ceremony, THREE, 2);
      Rogue.join(rogue);
      ceremony.run((round, recipient, envelope) -> {
        if (round == 1 && recipient.equals(TWO) && envelope.envelope().from().equals(THREE)) {
          var payload = envelope.envelope().payload().toArray();
          payload[payload.length - 1] ^= 1; // another ephemeral key
          return List.of(
              rogue
                  .party
                  .signer
                  .sign(Altered.payload(envelope.envelope(), Octets.of(payload)))
                  .encoded());
        }
        return List.of(envelope.encoded());
      });

      assertEquals(new Ending.Stuck(2), ceremony.endings.get(ONE));
      assertEquals(new Ending.Stuck(2), ceremony.endings.get(TWO));
      assertTrue(ceremony.drops(TWO).contains(DropReason.FOREIGN_SESSION));
    }
  }

  @Test
  void anEphemeralKeyOfSmallOrderIsBlamed() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            public List<SignedEnvelope> send(int round) {
              if (round > 1) {
                return List.of();
              }
              var envelope = super.send(round).getFirst().envelope();
              var payload = envelope.payload().toArray();
              java.util.Arrays.fill(payload, payload.length - 32, payload.length, (byte) 0);
              return List.of(party.signer.sign(Altered.payload(envelope, Octets.of(payload))));
            }
          });
      ceremony.run(Relay.HONEST);

      assertAborted(ceremony, ONE, Kind.WORD, Fault.BAD_ENCODING, THREE);
      assertAborted(ceremony, TWO, Kind.WORD, Fault.BAD_ENCODING, THREE);
    }
  }

  @Test
  void aCertificateOfAnotherKeyDoesNotCount() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            public List<SignedStatement> certificates() {
              return List.of(certificate(Identity.of(THREE)::sign));
            }

            private SignedStatement certificate(UnaryOperator<byte[]> identity) {
              var session = party.endpoint.session().orElseThrow();
              var other = new Statement.Certificate(session, 1, Octets.of(new byte[32]));
              return SignedStatement.of(THREE, other, identity);
            }
          });
      ceremony.run(Relay.HONEST);

      assertEquals(List.of(THREE), ceremony.done(ONE).refused());
      assertEquals(List.of(), ceremony.done(ONE).missing());
      var ledger = ceremony.done(ONE).ledger();
      assertEquals(KeyStatus.PENDING, ledger.status());
      assertEquals(java.util.Set.of(THREE), ledger.notKnownCertified());
    }
  }

  @Test
  void aCertificateThatItsPartyDidNotSignIsAsIfItHadNotCome() {
    try (var ceremony = ceremony(Suite.FROST_ED25519)) {
      Rogue.join(
          new Rogue(ceremony, THREE, 2) {
            @Override
            public List<SignedStatement> certificates() {
              var honest = ceremony.statements.getFirst();
              return List.of(new SignedStatement(THREE, honest.statement(), honest.signature()));
            }
          });
      ceremony.run(Relay.HONEST);

      assertEquals(List.of(), ceremony.done(ONE).refused());
      assertEquals(List.of(THREE), ceremony.done(ONE).missing());
      assertEquals(KeyStatus.PENDING, ceremony.done(ONE).ledger().status());
    }
  }

  enum RelayFault {
    FLIPPED_BIT,
    REPLAYED_FROM_ANOTHER_SESSION,
    TRUNCATED,
    REPEATED
  }

  @ParameterizedTest
  @EnumSource(RelayFault.class)
  void whatTheRelayDoesIsDroppedAndTheTrueMessageStillCounts(RelayFault fault) {
    var suite = Suite.FROST_ED25519;
    var group = TestGroups.of(suite);
    var committee = TestCeremony.committee(2, 3);
    try (var other = new TestCeremony(group, suite, committee, SEED + 1);
        var ceremony = new TestCeremony(group, suite, committee, SEED)) {
      other.run(Relay.HONEST);
      ceremony.run(
          (_, _, envelope) -> List.of(corrupted(fault, other, envelope), envelope.encoded()));

      for (var party : committee.parties()) {
        assertEquals(KeyStatus.ACTIVE, ceremony.done(party).ledger().status());
        assertFalse(ceremony.drops(party).isEmpty());
      }
    }
  }

  private static byte[] corrupted(RelayFault fault, TestCeremony other, SignedEnvelope signed) {
    var bytes = signed.encoded();
    var envelope = signed.envelope();
    return switch (fault) {
      case FLIPPED_BIT -> {
        bytes[bytes.length / 2] ^= 4;
        yield bytes;
      }
      case TRUNCATED -> java.util.Arrays.copyOf(bytes, bytes.length - 1);
      case REPEATED -> bytes;
      case REPLAYED_FROM_ANOTHER_SESSION ->
          other.traffic.stream()
              .filter(sent -> sent.envelope().from().equals(envelope.from()))
              .filter(sent -> sent.envelope().round() == envelope.round())
              .findAny()
              .orElseThrow()
              .encoded();
    };
  }
}
