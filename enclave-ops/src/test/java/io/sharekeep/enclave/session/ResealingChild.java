package io.sharekeep.enclave.session;

import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.Sealing.Order;
import io.sharekeep.enclave.TokenPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Party 1 in a process of its own: makes a new kek, seals record after record, and is killed. */
final class ResealingChild {
  private ResealingChild() {}

  /** State folder, library, label, PIN file. */
  public static void main(String[] arguments) throws InterruptedException {
    var configuration =
        new EnclaveConfiguration(
            Path.of(arguments[0]),
            TokenPlace.at(Path.of(arguments[1]), arguments[2], Path.of(arguments[3])),
            Optional.empty(),
            EnclaveConfiguration.SecretMemory.ALLOW_MLOCK,
            1,
            Duration.ofMinutes(2));
    var core = (Core) Assembly.open(configuration, InstantSource.system());
    core.resealing().close(); // One record after the other, each told of, not all at once.
    System.out.println("started");
    core.seal(Order.NEW_CORE_KEK)
        .ifPresent(refusal -> {
          throw new IllegalStateException(refusal.toString());
        });
    System.out.println("made");
    while (core.resealing().pass(1)) {
      System.out.println("sealed");
    }
    System.out.println("done");
    Thread.sleep(Duration.ofMinutes(1)); // until it is killed
  }
}
