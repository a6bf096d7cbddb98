package io.sharekeep.bench.fuzz;

import java.util.Optional;

/** What the fuzzer calls: {@code ./dev fuzz TARGET} names the target in a system property. */
public final class Fuzz {
  private static Optional<Target> target = Optional.empty();

  private Fuzz() {}

  /** Prints the targets' names, one a line. */
  public static void main(String[] arguments) {
    new Targets().names().forEach(System.out::println);
  }

  /** Called once by the fuzzer. */
  public static void fuzzerInitialize() {
    target = Optional.of(new Targets().open(System.getProperty("sharekeep.fuzz", "")));
  }

  /** Called by the fuzzer for each input. */
  public static void fuzzerTestOneInput(byte[] input) {
    target.orElseThrow().take(input);
  }
}
