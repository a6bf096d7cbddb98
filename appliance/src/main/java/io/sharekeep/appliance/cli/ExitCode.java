package io.sharekeep.appliance.cli;

/** What the program's exit code means, for scripts; stable. */
final class ExitCode {
  static final int DONE = 0;
  static final int INTERNAL = 1;
  static final int USAGE = 2;
  static final int DENIED = 3;
  static final int DEFERRED = 4;
  static final int STATE = 5;
  static final int UNAVAILABLE = 6;
  static final int ABORTED = 7;

  private ExitCode() {}

  /** Of a problem document's status and code. */
  static int of(int status, String code) {
    return switch (code) {
      case "denied", "request-unauthentic", "caller-not-admitted" -> DENIED;
      case "policy-deferred" -> DEFERRED;
      case "aborted" -> ABORTED;
      case "lost" -> UNAVAILABLE;
      default ->
          switch (status) {
            case 409 -> STATE;
            case 500 -> INTERNAL;
            case 502, 503, 504 -> UNAVAILABLE;
            default -> USAGE;
          };
    };
  }
}
