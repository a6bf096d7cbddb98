package io.sharekeep.appliance.config;

import java.io.Serial;

/** A configuration that is refused; the message names the place and says what to do. */
public final class ConfigurationProblem extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public ConfigurationProblem(String message) {
    super(message);
  }
}
