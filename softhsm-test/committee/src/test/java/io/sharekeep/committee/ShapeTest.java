package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void pointsCountThroughAllParties() {
    var shape = new Shape("weighted", 3, List.of(2, 1, 1));
    assertEquals(4, shape.points());
    assertEquals(List.of(1, 2), shape.pointsOf(1));
    assertEquals(List.of(3), shape.pointsOf(2));
    assertEquals(List.of(4), shape.pointsOf(3));
  }
}
