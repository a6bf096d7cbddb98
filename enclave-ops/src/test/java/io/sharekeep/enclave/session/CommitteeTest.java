package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every threshold, every quorum, both schemes, with weights and without, on real tokens. */
@SoftTokens
@LeavesNothing
class CommitteeTest {
  private static Parties parties;

  @BeforeAll
  static void start(@TempDir Path home, SoftHsmTokens tokens) {
    parties = Parties.start(home, tokens, 5, shapes());
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  private static Map<String, Shape> shapes() {
    var shapes = new TreeMap<String, Shape>();
    for (int n = 2; n <= 5; n++) {
      for (int t = 2; t <= n; t++) {
        shapes.put(
            t + " of " + n,
            new Shape(t, IntStream.rangeClosed(1, n).mapToObj(point -> List.of(point)).toList()));
      }
    }
    shapes.put(
        "3 of 4, weights 2 1 1", new Shape(3, List.of(List.of(1, 2), List.of(3), List.of(4))));
    shapes.put(
        "3 of 4, weights 1 1 2",
        new Shape(3, List.of(List.of(7), List.of(300), List.of(2, 65535))));
    shapes.put(
        "4 of 6, weights 3 2 1",
        new Shape(4, List.of(List.of(1, 2, 3), List.of(4, 5), List.of(6))));
    return shapes;
  }

  @TestFactory
  Stream<DynamicTest> everyQuorumSignsAndNoSmallerSetIsProposed() {
    return shapes().entrySet().stream()
        .flatMap(shape ->
            Stream.of(Scheme.values())
                .map(scheme ->
                    DynamicTest.dynamicTest(
                        shape.getKey() + ", " + scheme.label(),
                        () -> everyQuorum(shape.getKey(), shape.getValue(), scheme))));
  }

  private static void everyQuorum(String name, Shape shape, Scheme scheme) throws Exception {
    var key = parties.generate(name, scheme);
    assertEquals(KeyDescription.Stage.USABLE, key.stage());
    assertTrue(key.address().isPresent());
    int n = shape.points().size();
    for (int mask = 1; mask < 1 << n; mask++) {
      var signers = new ArrayList<Integer>();
      int points = 0;
      for (int party = 1; party <= n; party++) {
        if ((mask >> (party - 1) & 1) == 1) {
          signers.add(party);
          points += shape.points().get(party - 1).size();
        }
      }
      if (points >= shape.threshold()) {
        sign(key, signers);
      } else {
        var order = parties.order(key);
        var reachable = Set.copyOf(signers);
        assertInstanceOf(
            Proposal.Refused.class, parties.enclave(signers.getFirst()).propose(order, reachable));
      }
    }
  }

  private static void sign(KeyDescription key, List<Integer> signers) throws Exception {
    var order = parties.order(key);
    var outcome = Relay.run(parties.all(), parties.propose(signers, order), order);
    var signed = assertInstanceOf(Outcome.Signed.class, outcome);
    assertEquals(1, signed.signatures().size());
    if (key.scheme() == Scheme.FROST_ED25519) {
      assertTrue(verifiesByTheJdk(signed.signatures().getFirst()));
    }
    assertTrue(signed.signedTransaction().isPresent());
  }

  private static boolean verifiesByTheJdk(Outcome.Signature signature) throws Exception {
    byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
    byte[] spki = Arrays.copyOf(prefix, 44);
    System.arraycopy(signature.publicKey(), 0, spki, 12, 32);
    var verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
    verifier.update(signature.message());
    return verifier.verify(signature.signature());
  }
}
