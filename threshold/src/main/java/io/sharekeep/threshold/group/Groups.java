package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.foreign.NativeLibrary;
import io.sharekeep.threshold.foreign.Secp256k1Library;
import io.sharekeep.threshold.foreign.SodiumLibrary;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The groups of this process, chosen once at start: native where the library is there <em>and</em>
 * its self-test passes, else Java.
 */
public final class Groups {
  /** What a profile may ask of the choice. */
  public enum Requirement {
    /** Java is good enough where native is not to be had. */
    ANY,
    /** No start without native code for both groups. */
    NATIVE
  }

  /**
   * What does the work of one group, for the log and the report.
   *
   * @param fallback why it is not the native backend, if it is not
   */
  public record Choice(GroupId group, String backend, Optional<String> fallback) {}

  private record Chosen(Group group, Optional<String> fallback) {
    Choice choice() {
      return new Choice(group.id(), group.backend(), fallback);
    }
  }

  private final Chosen secp256k1;
  private final Chosen ed25519;

  private Groups(Chosen secp256k1, Chosen ed25519) {
    this.secp256k1 = secp256k1;
    this.ed25519 = ed25519;
  }

  /** As {@link #open(Randomness, Requirement)}, with {@link Requirement#ANY}. */
  public static Groups open(Randomness osRandom) {
    return open(osRandom, Requirement.ANY);
  }

  /**
   * Chooses and tests the backends. It takes some hundred milliseconds in a fresh JVM.
   *
   * @param osRandom the operating system's: it blinds libsecp256k1 and draws the test inputs
   * @throws IllegalStateException if native is required and cannot be had; the message says for
   *     which group, why, and what to do
   */
  public static Groups open(Randomness osRandom, Requirement requirement) {
    return open(osRandom, requirement, SodiumLibrary.load(), Secp256k1Library.load());
  }

  static Groups open(
      Randomness osRandom,
      Requirement requirement,
      NativeLibrary sodium,
      NativeLibrary libsecp256k1) {
    var groups =
        new Groups(
            choose(
                new JavaSecp256k1(),
                List.of(libsecp256k1, sodium), // the hashes over slabs are libsodium's
                () -> new NativeSecp256k1(osRandom),
                osRandom),
            choose(
                new JavaEd25519(),
                List.of(sodium),
                () -> new NativeEd25519(new JavaEd25519()),
                osRandom));
    if (requirement == Requirement.NATIVE) {
      groups.choices().forEach(Groups::requireNative);
    }
    return groups;
  }

  /** The Java backends, without a look at any library. */
  public static Groups java() {
    var asked = Optional.of("the Java backend was asked for");
    return new Groups(new Chosen(new JavaSecp256k1(), asked), new Chosen(new JavaEd25519(), asked));
  }

  public Group secp256k1() {
    return secp256k1.group;
  }

  public Group ed25519() {
    return ed25519.group;
  }

  public Group of(GroupId id) {
    return switch (id) {
      case SECP256K1 -> secp256k1.group;
      case ED25519 -> ed25519.group;
    };
  }

  /** One for each group, in the order of {@link GroupId}. */
  public List<Choice> choices() {
    return List.of(secp256k1.choice(), ed25519.choice());
  }

  private static Chosen choose(
      Group java, List<NativeLibrary> libraries, Supplier<Group> candidate, Randomness random) {
    for (var library : libraries) {
      if (library instanceof NativeLibrary.Missing(var reason)) {
        return new Chosen(java, Optional.of(reason));
      }
    }
    return tested(java, candidate, random);
  }

  /** A library that lacks a function, or throws, has failed its test like one that errs. */
  private static Chosen tested(Group java, Supplier<Group> candidate, Randomness random) {
    Group group;
    try {
      group = candidate.get();
    } catch (LinkageError | RuntimeException e) {
      return new Chosen(
          java,
          Optional.of(
              "the native backend of "
                  + java.id()
                  + " does not start ("
                  + e.getClass().getSimpleName()
                  + "): update its library"));
    }
    return new GroupSelfTest(group, java, random)
        .failure()
        .map(failure ->
            new Chosen(
                java,
                Optional.of(
                    group.backend()
                        + " failed its self-test ("
                        + failure
                        + "): replace it by the operating system's current package")))
        .orElseGet(() -> new Chosen(group, Optional.empty()));
  }

  private static void requireNative(Choice choice) {
    choice
        .fallback()
        .ifPresent(reason -> {
          throw new IllegalStateException(
              "native code is required and " + choice.group() + " would run in Java: " + reason);
        });
  }
}
