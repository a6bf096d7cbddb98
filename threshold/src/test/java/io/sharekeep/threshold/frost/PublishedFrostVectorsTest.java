package io.sharekeep.threshold.frost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.threshold.SharedVectors;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files as they are published, where this machine has them. */
class PublishedFrostVectorsTest {
  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "ED25519,rfc9591/frost-ed25519-sha512.json",
    "SECP256K1,rfc9591/frost-secp256k1-sha256.json",
    "ED25519,frost-zf/ed25519/vectors.json",
    "ED25519,frost-zf/ed25519/vectors-big-identifier.json",
    "SECP256K1,frost-zf/secp256k1/vectors.json",
    "SECP256K1,frost-zf/secp256k1/vectors-big-identifier.json",
    "SECP256K1_TAPROOT,frost-zf/secp256k1-tr/vectors.json",
    "SECP256K1_TAPROOT,frost-zf/secp256k1-tr/vectors-big-identifier.json"
  })
  void aPublishedRunIsReproduced(FrostSuite suite, String name) {
    var file = SharedVectors.file(name);
    assumeTrue(file.isPresent(), "the published vectors are not on this machine");
    var published = FrostCase.published(suite, file.get());
    for (var group : TestGroups.of(suite.group())) {
      FrostReplay.replay(published, group);
    }
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({"ED25519,ed25519", "SECP256K1,secp256k1", "SECP256K1_TAPROOT,secp256k1-tr"})
  void publishedElementsAndScalarsDecodeOrNot(FrostSuite suite, String folder) throws IOException {
    var elements = json("frost-zf/" + folder + "/elements.json").path("elements");
    var samples = json("frost-zf/" + folder + "/samples.json");
    for (var group : TestGroups.of(suite.group())) {
      var ops = group.publicOps();
      assertEquals(Optional.empty(), ops.decode(hex(elements, "invalid_element")));
      assertEquals(Optional.of(ops.generator()), ops.decode(hex(samples, "element1")));
      assertEquals(ops.add(ops.generator(), ops.generator()), ops.decode(hex(samples, "element2")));
      assertEquals(Optional.of(ops.scalar(42)), ops.decodeScalar(hex(samples, "identifier")));
      var scalar = hex(samples, "scalar1");
      assertArrayEquals(scalar, ops.decodeScalar(scalar).orElseThrow().encoded());
    }
  }

  private static JsonNode json(String name) throws IOException {
    var file = SharedVectors.file(name);
    assumeTrue(file.isPresent(), "the published vectors are not on this machine");
    return new ObjectMapper().readTree(file.get().toFile());
  }

  private static byte[] hex(JsonNode node, String field) {
    return HexFormat.of().parseHex(node.path(field).asText());
  }
}
