package io.sharekeep.pkcs11.terms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EcdsaDerTest {
  /** X.690 section 8.3: the fewest bytes, and a zero in front of a high bit. */
  @ParameterizedTest
  @CsvSource({
    "01020304, 300802020102 02020304",
    "00010002, 3006020101 020102",
    "80010000, 30080203008001 020100",
    "0080ffff, 30090202 0080 020300ffff",
    "00000000, 3006020100 020100"
  })
  void integersAreMinimalAndPositive(String p1363, String der) {
    var encoded = EcdsaDer.encode(HexFormat.of().parseHex(p1363));
    assertEquals(der.replace(" ", ""), HexFormat.of().formatHex(encoded));
  }

  @Test
  void theLongestStaysWithinTheShortForm() {
    var most = new byte[96];
    java.util.Arrays.fill(most, (byte) 0xff);
    assertEquals(2 + 2 * 51, EcdsaDer.encode(most).length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 98})
  void whatIsNotTwoHalvesIsRefused(int length) {
    assertThrows(IllegalArgumentException.class, () -> EcdsaDer.encode(new byte[length]));
  }

  @Test
  void whatWasEncodedIsReadAgainAndNothingElseIs() {
    for (int size : new int[] {32, 48}) {
      var signature = new byte[2 * size];
      for (int i = 0; i < signature.length; i++) {
        signature[i] = (byte) (i * 7 + 1);
      }
      signature[0] = 0;
      signature[size] = (byte) 0x80;
      var der = EcdsaDer.encode(signature);
      assertArrayEquals(signature, EcdsaDer.decode(der, size));
      for (int length = 0; length < der.length; length++) {
        var cut = Arrays.copyOf(der, length);
        assertThrows(IllegalArgumentException.class, () -> EcdsaDer.decode(cut, size));
      }
      var longer = Arrays.copyOf(der, der.length + 1);
      assertThrows(IllegalArgumentException.class, () -> EcdsaDer.decode(longer, size));
      longer[1]++;
      assertThrows(IllegalArgumentException.class, () -> EcdsaDer.decode(longer, size));
      assertThrows(IllegalArgumentException.class, () -> EcdsaDer.decode(der, size - 1));
      var negative = der.clone();
      negative[4] = (byte) 0x80;
      assertThrows(IllegalArgumentException.class, () -> EcdsaDer.decode(negative, size));
    }
  }
}
