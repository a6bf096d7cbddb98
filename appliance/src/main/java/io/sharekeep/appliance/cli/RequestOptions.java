package io.sharekeep.appliance.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The id and the end of a request. Both are part of what is signed: asking again with the same two
 * brings the stored outcome and never a second signature.
 */
final class RequestOptions {
  private static final Duration LONGEST = Duration.ofHours(24);

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description = "To ask again for the same, together with --not-after (default: a fresh one).")
  @Nullable String requestId;

  @Option(
      names = "--not-after",
      paramLabel = "TIME",
      description = "When the request expires, instead of --valid-for; RFC 3339 in UTC.")
  @Nullable Instant notAfter;

  @Option(
      names = "--valid-for",
      paramLabel = "DURATION",
      defaultValue = "10m",
      description = "How long the request may be used (default: ${DEFAULT-VALUE}).")
  Duration validFor = Duration.ofMinutes(10);

  String id() {
    if (requestId == null) {
      requestId = Requests.freshId();
    }
    return requestId;
  }

  Instant notAfter() {
    if (notAfter == null) {
      if (validFor.isNegative() || validFor.isZero() || validFor.compareTo(LONGEST) > 0) {
        throw new CliProblem(ExitCode.USAGE, "--valid-for is at most 24 hours, such as 10m");
      }
      notAfter = Instant.now().plus(validFor).truncatedTo(ChronoUnit.SECONDS);
    }
    return notAfter;
  }

  /** Said before anything is sent: whoever loses the answer needs both to ask for it again. */
  void announce(PrintWriter err, String... more) {
    err.println(
        "to ask again for the same: "
            + String.join(" ", more)
            + (more.length == 0 ? "" : " ")
            + "--request-id "
            + id()
            + " --not-after "
            + notAfter());
    err.flush();
  }
}
