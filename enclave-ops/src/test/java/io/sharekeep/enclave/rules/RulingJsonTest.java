package io.sharekeep.enclave.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.sharekeep.enclave.json.CanonicalJson;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulingJsonTest {
  /** Approved, deferred, denied: a record is written in another way than what people are shown. */
  @ParameterizedTest
  @ValueSource(longs = {1, 12_000, 300_000})
  void theRecordSaysWhatIsShown(long amount) {
    var ruling =
        Policies.evaluator(Policies.policy())
            .decide(
                Policies.pays("svc", Policies.usdc(amount, Policies.EXCHANGE)),
                Policies.NOON,
                Set.of(),
                Windows.EMPTY);
    assertArrayEquals(
        CanonicalJson.bytes(RulingJson.of(ruling)),
        CanonicalJson.bytes(RulingJson.forRecord(ruling)));
  }
}
