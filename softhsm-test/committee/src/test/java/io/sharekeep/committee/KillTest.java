package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.committee.KillMatrix.Cell;
import io.sharekeep.committee.KillMatrix.Victim;
import io.sharekeep.committee.KillMatrix.Work;
import io.sharekeep.committee.RoundGate.Moment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cells of the matrix that differ most; {@code ./dev campaign kill} runs all of them. */
@ExtendWith(Trio.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillTest {
  private final Trio trio;
  private KillMatrix matrix;

  KillTest(Trio trio) {
    this.trio = trio;
  }

  @BeforeAll
  void gates() {
    matrix = new KillMatrix(trio.committee(), Trio.SHAPE, trio.solana(), Trio.EXAMPLES);
  }

  @AfterAll
  void noGates() {
    matrix.close();
  }

  @Test
  void aPartyThatDiesBeforeItsCertificateLeavesNobodyWithAKey() {
    var ended = matrix.run(new Cell(Work.KEY_GENERATION, 4, Moment.BEFORE, Victim.THIRD));
    assertNotEquals(0, ended.exit());
    assertTrue(!ended.whole());
  }

  @Test
  void aCoordinatorThatDiesWithTheCertificatesLeavesAllWithTheKey() {
    var ended = matrix.run(new Cell(Work.KEY_GENERATION, 5, Moment.AFTER, Victim.COORDINATOR));
    assertNotEquals(0, ended.exit());
    assertTrue(ended.whole());
  }

  @Test
  void aSignerThatDiesBeforeItsShareEndsTheRequestAndNothingElse() {
    var ended = matrix.run(new Cell(Work.SIGNING, 2, Moment.BEFORE, Victim.SECOND));
    assertEquals(6, ended.exit());
  }
}
