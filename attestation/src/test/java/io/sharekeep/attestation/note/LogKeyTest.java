package io.sharekeep.attestation.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogKeyTest {
  private final SoftLogKey keys = new SoftLogKey();
  private final LogKey key = keys.key();
  private final Checkpoint checkpoint = new Checkpoint(key.origin(), 42, new byte[32]);

  @Test
  void aNoteReadsBackAsWhatWasSigned() {
    for (int i = 0; i < 20; i++) {
      var signed = key.sign(keys, checkpoint);
      var read = key.verify(signed.note()).orElseThrow();
      assertEquals(checkpoint, read.checkpoint());
      assertArrayEquals(signed.note(), read.note());
    }
    var text = new String(key.sign(keys, checkpoint).note(), UTF_8);
    assertTrue(
        text.startsWith(
            "vault.example/0123456789abcdef\n42\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
                + "\u2014 vault.example/0123456789abcdef "),
        text);
    assertTrue(text.endsWith("\n"));
  }

  @Test
  void anAlteredByteAnywhereIsRefused() {
    byte[] note = key.sign(keys, checkpoint).note();
    for (int i = 0; i < note.length; i++) {
      var altered = note.clone();
      altered[i] ^= (byte) (i % 2 == 0 ? 1 : 0x20);
      assertTrue(key.verify(altered).isEmpty(), "byte " + i);
    }
    for (int length = 0; length < note.length; length++) {
      assertTrue(key.verify(java.util.Arrays.copyOf(note, length)).isEmpty());
    }
  }

  @Test
  void signaturesOfStrangersAreIgnoredAndTheirsAloneDoNotCount() {
    var strangers = new SoftLogKey();
    byte[] own = key.sign(keys, checkpoint).note();
    var theirs = new String(strangers.key().sign(strangers, checkpoint).note(), UTF_8);
    String theirLine = theirs.substring(theirs.indexOf('\u2014'));
    assertTrue(key.verify((new String(own, UTF_8) + theirLine).getBytes(UTF_8)).isPresent());
    assertTrue(key.verify(theirs.getBytes(UTF_8)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "x\n1\nAA==\n\n",
        "no newline",
        "vault.example/0123456789abcdef\n1\nAA==\n\n\u2014 vault.example/0123456789abcdef AAAA\n"
      })
  void whatIsNoNoteIsRefused(String note) {
    assertTrue(key.verify(note.getBytes(UTF_8)).isEmpty());
  }

  @Test
  void aTokenWithAnotherKeyIsCaughtBeforeItsSignatureIsBelieved() {
    assertThrows(IllegalStateException.class, () -> key.sign(new SoftLogKey(), checkpoint));
    assertThrows(IllegalStateException.class, () -> key.sign(digest -> new byte[63], checkpoint));
    assertThrows(IllegalArgumentException.class, () -> LogKey.of("x", new byte[10]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with space", "plus+sign", "new\nline", "\u00e9"})
  void anOriginThatWouldNotReadBackIsRefused(String origin) {
    assertThrows(IllegalArgumentException.class, () -> new Checkpoint(origin, 1, new byte[32]));
  }
}
