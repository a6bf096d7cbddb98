package io.sharekeep.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestWordsTest {
  /** The first words of four of BIP-39's published vectors, whose entropy is one byte repeated. */
  @Test
  void bitsNameTheWordsThatBip39SaysTheyDo() {
    assertEquals(
        List.of("abandon", "abandon", "abandon", "abandon", "abandon", "abandon"),
        DigestWords.of("00".repeat(32)));
    assertEquals(
        List.of("legal", "winner", "thank", "year", "wave", "sausage"),
        DigestWords.of("7f".repeat(32)));
    assertEquals(
        List.of("letter", "advice", "cage", "absurd", "amount", "doctor"),
        DigestWords.of("80".repeat(32)));
    assertEquals(
        List.of("zoo", "zoo", "zoo", "zoo", "zoo", "zoo"), DigestWords.of("ff".repeat(32)));
  }

  @Test
  void theListIsTheOneOfBip39() throws Exception {
    try (var in = DigestWords.class.getResourceAsStream("words.txt")) {
      assertNotNull(in);
      assertEquals(
          "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(in.readAllBytes())));
    }
  }

  @Test
  void nothingButAWholeHashHasWords() {
    assertThrows(IllegalArgumentException.class, () -> DigestWords.of("00".repeat(31)));
    assertThrows(IllegalArgumentException.class, () -> DigestWords.of("zz".repeat(32)));
  }
}
