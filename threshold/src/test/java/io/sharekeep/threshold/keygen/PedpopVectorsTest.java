package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.threshold.SharedVectors;
import io.sharekeep.threshold.wire.Suite;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PedpopVectorsTest {
  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "FROST_ED25519,ed25519",
    "FROST_SECP256K1,secp256k1",
    "FROST_SECP256K1_TR,secp256k1-tr"
  })
  void aPublishedKeyGenerationIsReproduced(Suite suite, String name) throws IOException {
    for (var group : TestGroups.all(suite)) {
      new PedpopReplay(suite, group, own(name)).replay();
    }
  }

  /** The files as they are published, where this machine has them: the same numbers. */
  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "FROST_ED25519,ed25519",
    "FROST_SECP256K1,secp256k1",
    "FROST_SECP256K1_TR,secp256k1-tr"
  })
  void thePublishedFileIsReproduced(Suite suite, String name) throws IOException {
    var file = SharedVectors.file("frost-zf/" + name + "/vectors_dkg.json");
    assumeTrue(file.isPresent(), "the published vectors are not on this machine");
    var published = flattened(new ObjectMapper().readTree(file.get().toFile()).path("inputs"));

    for (var group : TestGroups.all(suite)) {
      new PedpopReplay(suite, group, published).replay();
    }
    assertEquals(own(name), published);
  }

  private static Map<String, String> own(String name) throws IOException {
    try (var in =
        new InputStreamReader(
            Objects.requireNonNull(
                PedpopVectorsTest.class.getResourceAsStream(
                    "/vectors/dkg/" + name + ".properties")),
            StandardCharsets.US_ASCII)) {
      var properties = new Properties();
      properties.load(in);
      var run = new TreeMap<String, String>();
      properties.stringPropertyNames().forEach(key -> run.put(key, properties.getProperty(key)));
      return run;
    }
  }

  private static Map<String, String> flattened(JsonNode inputs) {
    var run = new TreeMap<String, String>();
    run.put("verifying_key", inputs.path("verifying_key").asText());
    for (int party = 1; party <= 3; party++) {
      var node = inputs.path(Integer.toString(party));
      for (var field :
          new String[] {"signing_key", "coefficient", "verifying_share", "signing_share"}) {
        run.put(party + "." + field, node.path(field).asText());
      }
      run.put(party + ".proof", node.path("proof_of_knowledge").asText());
      for (int m = 0; m < 2; m++) {
        run.put(party + ".commitment." + m, node.path("vss_commitments").path(m).asText());
      }
      var received = node.path("signing_shares");
      for (int dealer = 1; dealer <= 3; dealer++) {
        if (dealer != party) {
          run.put(party + ".received." + dealer, received.path(Integer.toString(dealer)).asText());
        }
      }
    }
    return run;
  }
}
