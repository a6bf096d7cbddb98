package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.GoldenFile;
import io.sharekeep.threshold.wire.Octets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SignedStatementTest {
  private static Octets filled(int value, int length) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return Octets.of(bytes);
  }

  static Stream<Arguments> statements() {
    return Stream.of(
        Arguments.of("certificate", new Statement.Certificate(filled(1, 32), 3, filled(2, 32))),
        Arguments.of("active", new Statement.Active(filled(1, 32), filled(2, 32))),
        Arguments.of("withdrawal-never", new Statement.Withdrawal(filled(1, 32), 3, false)),
        Arguments.of("withdrawal-had", new Statement.Withdrawal(filled(1, 32), 3, true)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("statements")
  void itsBytesAndWhatIsSignedAreTheGoldenOnes(String name, Statement statement) {
    var signed = new SignedStatement(new PartyId(2), statement, filled(4, 64));

    GoldenFile.assertGolden("statement-" + name, signed.encoded());
    GoldenFile.assertGolden("statement-" + name + "-signed", statement.toBeSigned());
    assertEquals(Optional.of(signed), SignedStatement.decode(signed.encoded()).valid());
  }

  @ParameterizedTest(name = "{0}, seed 12")
  @MethodSource("statements")
  void noPrefixOrMutationIsAnExceptionOrTheSameStatement(String name, Statement statement) {
    var signed = new SignedStatement(new PartyId(2), statement, filled(4, 64));
    var bytes = signed.encoded();
    for (int length = 0; length < bytes.length; length++) {
      assertTrue(SignedStatement.decode(Arrays.copyOf(bytes, length)).valid().isEmpty());
    }
    var random = new SplittableRandom(12);
    for (int i = 0; i < 500; i++) {
      var mutated = bytes.clone();
      mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
      assertTrue(SignedStatement.decode(mutated).valid().filter(signed::equals).isEmpty());
    }
  }
}
