package io.sharekeep.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyPathTest {
  @Test
  void aPathIsWrittenInOneWay() {
    for (var text : List.of("m", "m/0", "m/44/60/0/0/5", "m/2147483647", "m/1/2/3/4/5/6/7/8")) {
      assertEquals(text, KeyPath.parse(text).toString());
    }
    for (var text :
        List.of(
            "",
            "0",
            "M/0",
            "m/",
            "/m",
            "m//0",
            "m/01",
            "m/+1",
            "m/-1",
            "m/ 1",
            "m/1 ",
            "m/1/",
            "m/2147483648",
            "m/9999999999",
            "m/99999999999",
            "m/x")) {
      assertThrows(IllegalArgumentException.class, () -> KeyPath.parse(text), text);
    }
  }

  @Test
  void aHardenedStepIsRefusedByName() {
    for (var text : List.of("m/0'", "m/0h", "m/0H", "m/1/2'/3")) {
      var refused = assertThrows(IllegalArgumentException.class, () -> KeyPath.parse(text));
      assertTrue(String.valueOf(refused.getMessage()).contains("hardened"), text);
    }
  }

  @Test
  void aPathHasEightStepsAtMostAlsoWithWhatFollowsIt() {
    var five = KeyPath.parse("m/1/2/3/4/5");
    assertEquals("m/1/2/3/4/5/6/7/8", five.then(KeyPath.parse("m/6/7/8")).toString());
    assertThrows(
        IllegalArgumentException.class, () -> five.then(KeyPath.parse("m/6/7/8/9")), "nine");
    assertThrows(
        IllegalArgumentException.class, () -> KeyPath.parse("m/1/2/3/4/5/6/7/8/9"), "nine");
    for (long step : new long[] {-1, 1L << 31}) {
      assertThrows(IllegalArgumentException.class, () -> new KeyPath(List.of(step)));
    }
  }
}
