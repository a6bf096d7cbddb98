package io.sharekeep.bench.fuzz;

import io.sharekeep.bench.fuzz.EcdsaDuet.Part;
import java.util.Arrays;
import java.util.List;

/**
 * ECDSA at an honest signer while the other one says what it likes in one round, in the sealed ones
 * too: signing, making a presignature, using one. The first byte of an input chooses the step, the
 * rest is a {@linkplain Patch payload}. Whatever it is, the step is a value, names nobody else, and
 * gives its memory back.
 */
final class EcdsaSteps implements Target {
  /** In the order of the first byte. */
  static final List<Part> PARTS = List.of(Part.values());

  private final CountedScratch scratch = new CountedScratch();
  private final EcdsaDuet duet = new EcdsaDuet(scratch, 1);

  EcdsaDuet duet() {
    return duet;
  }

  @Override
  public void take(byte[] input) {
    if (input.length < 2) {
      return;
    }
    var part = PARTS.get((input[0] & 0xff) % PARTS.size());
    int lent = scratch.lent();
    var payload = Patch.of(input, 1, duet.honest(part));
    boolean advanced = duet.play(part, payload);
    Finding.unless(scratch.lent() == lent, "slabs are lent after the end, or returned twice");
    boolean honest = Arrays.equals(payload.toArray(), duet.honest(part).toArray());
    // Another commitment is another session; another ψ shows in the signature alone.
    boolean seen = part != Part.COMMIT && part != Part.MULTIPLY;
    Finding.unless(advanced || !honest, "the honest " + part + " did not advance");
    Finding.unless(honest || !advanced || !seen, "another " + part + " advanced");
  }
}
