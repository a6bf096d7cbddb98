package io.sharekeep.attestation.eat;

import java.util.Arrays;
import java.util.Optional;

/** Claim dbgstat; not inherited between submodules. */
public enum DebugStatus {
  ENABLED(0, "enabled"),
  DISABLED(1, "disabled"),
  DISABLED_SINCE_BOOT(2, "disabled-since-boot"),
  DISABLED_PERMANENTLY(3, "disabled-permanently"),
  DISABLED_FULLY_AND_PERMANENTLY(4, "disabled-fully-and-permanently");

  private final int value;
  private final String json;

  DebugStatus(int value, String json) {
    this.value = value;
    this.json = json;
  }

  public static Optional<DebugStatus> of(long value) {
    return Arrays.stream(values()).filter(status -> status.value == value).findFirst();
  }

  public int value() {
    return value;
  }

  /** Its name in the JSON form. */
  public String json() {
    return json;
  }
}
