package io.sharekeep.appliance.http;

/** The problems that the face itself has; the enclave's refusals are the others. */
public enum FaceProblem {
  MALFORMED("malformed", 400, "The request does not parse"),
  DENIED("denied", 403, "The policy of a party denies it"),
  CALLER_NOT_ADMITTED("caller-not-admitted", 403, "The connection's identity may not do this"),
  UNKNOWN_ROUTE("unknown-route", 404, "There is no such route"),
  UNKNOWN_REQUEST("unknown-request", 404, "This party has finished no such request"),
  UNKNOWN_FILE("unknown-file", 404, "The audit log has no such file"),
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "The route has no such method"),
  LOST("lost", 410, "The session died and is never resumed"),
  BODY_TOO_LARGE("body-too-large", 413, "The body is over the limit"),
  CONTENT_TYPE("content-type", 415, "The route takes another content type"),
  INTERNAL("internal", 500, "The appliance failed"),
  ABORTED("aborted", 502, "The session was aborted; nothing was released");

  private final String code;
  private final int status;
  private final String title;

  FaceProblem(String code, int status, String title) {
    this.code = code;
    this.status = status;
    this.title = title;
  }

  /** Stable: once published it keeps its meaning. */
  public String code() {
    return code;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }
}
