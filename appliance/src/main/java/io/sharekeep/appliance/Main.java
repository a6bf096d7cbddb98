package io.sharekeep.appliance;

import io.sharekeep.appliance.cli.Sharekeep;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Sharekeep.run(arguments));
  }
}
