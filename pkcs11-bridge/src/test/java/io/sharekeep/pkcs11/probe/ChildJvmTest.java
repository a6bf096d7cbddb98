package io.sharekeep.pkcs11.probe;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A child that does not end. */
final class ChildJvmTest {
  /** Sleeps for longer than any test. */
  static final class Sleeper {
    private Sleeper() {}

    public static void main(String[] arguments) throws InterruptedException {
      Thread.sleep(Duration.ofMinutes(1));
    }
  }

  @Test
  @Timeout(30)
  void aChildThatHangsIsKilledAndSaidToHang() {
    var ended = ChildJvm.run(Sleeper.class, List.of(), Duration.ofMillis(300));
    var broke = assertInstanceOf(ChildJvm.Ended.Broke.class, ended);
    assertTrue(broke.how().startsWith("hung"), broke.how());
  }
}
