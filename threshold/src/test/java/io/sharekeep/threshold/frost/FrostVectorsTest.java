package io.sharekeep.threshold.frost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharekeep.threshold.group.Group;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our own copies of the published vectors, over every backend. */
class FrostVectorsTest {
  static Stream<Arguments> casesAndBackends() {
    return FrostCase.carried().stream()
        .flatMap(one ->
            TestGroups.of(one.suite().group()).stream()
                .map(group -> Arguments.of(one, group, group.backend())));
  }

  @ParameterizedTest(name = "{0}, {2}")
  @MethodSource("casesAndBackends")
  void everyPublishedValueIsReproduced(FrostCase published, Group group, String backend) {
    assertEquals(backend, group.backend());
    FrostReplay.replay(published, group);
  }
}
