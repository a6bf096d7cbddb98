package io.sharekeep.attestation.eat;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The last result of one check that the appliance makes of itself.
 *
 * @param id dotted; those of {@link #RUNTIME} are in every report
 * @param lastRun Unix seconds
 * @param detail what was found, for people: the flag, file or process that is not as it must be
 */
public record Health(String id, Status status, long lastRun, String detail) {
  /** Facts about the process that no report may leave out. */
  public static final Set<String> RUNTIME =
      Set.of(
          "runtime.agent",
          "runtime.attach",
          "runtime.flags",
          "runtime.jdwp",
          "runtime.maps",
          "runtime.tracer");

  /** How it went. */
  public enum Status {
    OK(0),
    DEGRADED(1),
    FAIL(2);

    private final int label;

    Status(int label) {
      this.label = label;
    }

    private static Optional<Status> of(long label) {
      return Arrays.stream(values()).filter(status -> status.label == label).findFirst();
    }
  }

  Cbor toCbor() {
    return Cbor.list(Cbor.text(id), Cbor.uint(status.label), Cbor.uint(lastRun), Cbor.text(detail));
  }

  static Health read(CborFields f) {
    return new Health(
        f.text(0, 1, 64),
        f.require(Status.of(f.uint(1)), 1, "is no status"),
        f.uint(2),
        f.text(3, 0, 512));
  }
}
