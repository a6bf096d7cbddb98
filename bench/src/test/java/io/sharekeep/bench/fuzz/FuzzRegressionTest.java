package io.sharekeep.bench.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.appliance.config.ConfigurationProblem;
import io.sharekeep.appliance.config.YamlDocument;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.OfflinePolicy;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.wire.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fuzzer's corpus, and a few seeded changes of each entry, through every target. */
class FuzzRegressionTest {
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");
  private static final int CHANGES = 20;

  /** Each input of theirs is a whole session or base OT. */
  private static final Set<String> SLOW = Set.of("ecdsa-step", "pair-step");

  static Stream<String> targets() {
    return new Targets().names().stream();
  }

  private static List<byte[]> corpus(String name) throws IOException {
    var inputs = new ArrayList<byte[]>();
    try (var files = Files.list(CORPUS.resolve(name))) {
      for (var file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
    }
    return inputs;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void everyInputOfTheCorpusAndItsChangesIsAnsweredWithAValue(String name) throws IOException {
    var target = new Targets().open(name);
    var inputs = corpus(name);
    assertFalse(inputs.isEmpty());

    var random = new SplittableRandom(20261122);
    for (var input : inputs) {
      target.take(input);
      for (int i = 0; i < (SLOW.contains(name) ? CHANGES / 10 : CHANGES); i++) {
        target.take(changed(input, random));
      }
    }
  }

  private static byte[] changed(byte[] input, SplittableRandom random) {
    var bytes = Arrays.copyOf(input, Math.max(1, input.length + random.nextInt(-1, 2)));
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    return bytes;
  }

  /** Otherwise the inputs of a step would end in its decoder, all of them. */
  @ParameterizedTest
  @EnumSource
  void theHonestMessagesOfEachRoundAdvance(GroupId group) {
    var generation = new KeyGenerationSteps(group);
    for (int round = 1; round <= 3; round++) {
      assertTrue(generation.play(round, generation.honest(round)), "round " + round);
    }
    assertFalse(generation.play(2, generation.honest(1)));
    var frost = new FrostSteps(group);
    for (int round = 1; round <= 2; round++) {
      assertTrue(frost.play(round, frost.honest(round)), "round " + round);
    }
    assertFalse(frost.play(2, frost.honest(1)));
  }

  @Test
  void theHonestMessagesOfEcdsaAdvanceAndOthersDoNot() {
    var steps = new EcdsaSteps();
    for (var part : EcdsaDuet.Part.values()) {
      assertTrue(steps.duet().play(part, steps.duet().honest(part)), part::toString);
      steps.take(new byte[] {(byte) EcdsaSteps.PARTS.indexOf(part), 1, 0, 0, 3, 1});
    }
    assertFalse(steps.duet().play(EcdsaDuet.Part.EXTEND, steps.duet().honest(EcdsaDuet.Part.OPEN)));
    var pair = new PairSteps();
    assertTrue(pair.play(false, pair.honest(false)));
    assertTrue(pair.play(true, pair.honest(true)));
  }

  @ParameterizedTest
  @EnumSource
  void aShareThatIsOffIsNoSignature(GroupId group) {
    var frost = new FrostSteps(group);
    var payload = frost.honest(2).toArray();
    payload[payload.length - 2] ^= 1;

    assertFalse(frost.play(2, Octets.of(payload)));
  }

  /** Otherwise their changes would end at the first field. */
  @Test
  void theSeedsOfRequestsAndDocumentsAreRead() throws IOException {
    for (var request : corpus("request")) {
      assertFalse(SignedRequests.parse(request) instanceof SignedRequests.Parsed.Malformed);
    }
    for (var document : corpus("document")) {
      assertInstanceOf(DocumentFile.Parsed.Document.class, DocumentFile.parse(document));
    }
  }

  /** The policies that are shipped are the fuzzer's seeds, and one that is small. */
  @ParameterizedTest
  @ValueSource(strings = {"treasury", "exchange-hot-wallet", "cold-vault"})
  void theSeedsOfPoliciesAreThoseThatAreShipped(String name) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(Path.of("../examples/policies", name + ".yaml")),
        Files.readAllBytes(CORPUS.resolve("policy").resolve(name)));
  }

  @Test
  void theSmallPolicyIsReadAndWhatIsWrongOfItIsNot() throws IOException {
    assertInstanceOf(OfflinePolicy.Parsed.Valid.class, parsed("small"));
    assertInstanceOf(OfflinePolicy.Parsed.Valid.class, parsed("small-json"));
    assertInstanceOf(OfflinePolicy.Parsed.Malformed.class, parsed("unknown-field"));
    assertThrows(ConfigurationProblem.class, () -> parsed("alias"));
    assertThrows(ConfigurationProblem.class, () -> parsed("deep"));
  }

  private static OfflinePolicy.Parsed parsed(String name) throws IOException {
    var yaml = Files.readString(CORPUS.resolve("policy").resolve(name));
    return OfflinePolicy.parse(
        YamlDocument.read(name, yaml).json().toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatDoesNotHoldIsAFinding() {
    assertThrows(Finding.class, () -> Finding.unless(false, "planted"));
  }
}
