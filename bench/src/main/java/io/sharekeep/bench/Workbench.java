package io.sharekeep.bench;

import io.sharekeep.enclave.entropy.OsRandom;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.primitive.SignatureVerifier;

/** What every measurement works with. */
record Workbench(
    Groups groups,
    Primitives primitives,
    SignatureVerifier verifier,
    Scratch scratch,
    Randomness random) {
  static Workbench open() {
    var random = new OsRandom();
    return new Workbench(
        Groups.open(random),
        Primitives.open(),
        SignatureVerifier.open(),
        new PlainScratch(),
        random);
  }

  /** Nobody misbehaves in a measurement. */
  static <S> S advanced(Step<S> step) {
    return switch (step) {
      case Step.Advanced<S>(var state) -> state;
      case Step.Aborted<S>(var fault, var culprits) ->
          throw new IllegalStateException("aborted with " + fault + " by " + culprits);
    };
  }
}
