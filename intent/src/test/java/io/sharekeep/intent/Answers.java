package io.sharekeep.intent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/** What tests expect of a decoding. */
final class Answers {
  private Answers() {}

  static Intent decoded(Decoding decoding) {
    return switch (decoding) {
      case Decoding.Decoded(var intent) -> intent;
      case Decoding.Refused(var code, var offset, var detail) ->
          fail("refused at " + offset + ": " + code.label() + ", " + detail);
    };
  }

  static Decoding.Refused refused(RefusalCode code, Decoding decoding) {
    return switch (decoding) {
      case Decoding.Decoded _ -> fail("decoded, but should be refused as " + code.label());
      case Decoding.Refused refused -> {
        assertEquals(code, refused.code(), refused.detail());
        yield refused;
      }
    };
  }

  static void refusedAt(int offset, RefusalCode code, Decoding decoding) {
    assertEquals(offset, refused(code, decoding).offset());
  }
}
