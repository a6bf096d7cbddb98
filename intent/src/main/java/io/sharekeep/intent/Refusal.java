package io.sharekeep.intent;

/** How a reader deep inside a decoder stops it. Caught in {@link Decoders}, never seen outside. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final RefusalCode code;
  private final int offset;
  private final String detail;

  Refusal(RefusalCode code, int offset, String detail) {
    super(detail, null, false, false);
    this.code = code;
    this.offset = offset;
    this.detail = detail;
  }

  RefusalCode code() {
    return code;
  }

  int offset() {
    return offset;
  }

  String detail() {
    return detail;
  }
}
