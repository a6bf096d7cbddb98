package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.MemorySegment;

/**
 * Bob's side of one multiplication with one peer, from the extension that he sent to the product
 * that he gets: choice bits, columns, gadgets and the factor χ that they make, in one slab.
 */
final class Choice implements AutoCloseable {
  private static final long CHOICES = 0;
  private static final long FACTOR = CHOICES + 96;
  private static final long COLUMNS = FACTOR + 32;
  private static final long GADGETS = COLUMNS + BitMatrix.COLUMNS_LENGTH;
  private static final long X_CHECK = GADGETS + VectorOle.GADGETS;
  private static final long T_CHECK = X_CHECK + OtExtension.X_CHECK;
  private static final long LENGTH = T_CHECK + OtExtension.T_CHECK;

  private final Scratch.Slab slab;
  private final VectorOle product;
  private final byte[] ud;

  private Choice(Scratch.Slab slab, VectorOle product, byte[] ud) {
    this.slab = slab;
    this.product = product;
    this.ud = ud;
  }

  /** Draws the choice bits and writes what goes to Alice. */
  static Choice send(Means means, Octets pid, PairSecrets pair, OtExtension.Message out) {
    var extension = new OtExtension(means.primitives(), pid);
    var product = new VectorOle(means.group(), means.primitives(), pid);
    var slab = means.scratch().borrow(LENGTH);
    try (var work = means.work().borrow(OtExtension.WORK)) {
      var s = slab.bytes();
      var choices = s.asSlice(CHOICES, OtExtension.CHOICES);
      var ud =
          extension.choose(
              pair,
              means.randomness(),
              choices,
              s.asSlice(COLUMNS, BitMatrix.COLUMNS_LENGTH),
              work.bytes(),
              out);
      MemorySegment.copy(out.x(), 0, s, X_CHECK, OtExtension.X_CHECK);
      MemorySegment.copy(out.t(), 0, s, T_CHECK, OtExtension.T_CHECK);
      product.gadgets(s.asSlice(GADGETS, VectorOle.GADGETS), work.bytes());
      VectorOle.factor(choices, s.asSlice(GADGETS, VectorOle.GADGETS), s.asSlice(FACTOR, 32));
      return new Choice(slab, product, ud);
    } catch (RuntimeException | Error failure) {
      slab.close();
      throw failure;
    }
  }

  /** χ, 32 bytes. */
  MemorySegment factor() {
    return slab.bytes().asSlice(FACTOR, 32);
  }

  /**
   * @param outputs d_0 ‖ d_1
   * @return zero if Alice used one scalar throughout
   */
  long receive(VectorOle.Message in, MemorySegment work, MemorySegment outputs) {
    var s = slab.bytes();
    var sent =
        new OtExtension.Message(
            MemorySegment.NULL,
            s.asSlice(X_CHECK, OtExtension.X_CHECK),
            s.asSlice(T_CHECK, OtExtension.T_CHECK));
    return product.receive(
        s.asSlice(CHOICES, OtExtension.CHOICES),
        s.asSlice(COLUMNS, BitMatrix.COLUMNS_LENGTH),
        s.asSlice(GADGETS, VectorOle.GADGETS),
        sent,
        ud,
        in,
        work,
        outputs);
  }

  /** Wipes. */
  @Override
  public void close() {
    slab.close();
  }
}
