package io.sharekeep.attestation.appraise;

import java.util.function.Consumer;

/**
 * One way to forge, with what must come of it.
 *
 * @param check id of the finding that must name it
 */
record Forgery(String name, Exit exit, String check, Consumer<Draft> change) {
  @Override
  public String toString() {
    return name;
  }
}
