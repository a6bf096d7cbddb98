package io.sharekeep.threshold.group;

/**
 * A running sum of public points of edwards25519, in extended coordinates (Hisil, Wong, Carter,
 * Dawson 2008, with a = -1). The formulas are complete: the identity, equal points and points of
 * small order need no special case.
 */
final class EdwardsSum {
  private final FieldElement25519 x = new FieldElement25519();
  private final FieldElement25519 y = new FieldElement25519().set(1);
  private final FieldElement25519 z = new FieldElement25519().set(1);

  /** XY/Z, where the last step was asked for it. */
  private final FieldElement25519 t = new FieldElement25519();

  private final FieldElement25519 e = new FieldElement25519();
  private final FieldElement25519 f = new FieldElement25519();
  private final FieldElement25519 g = new FieldElement25519();
  private final FieldElement25519 h = new FieldElement25519();

  EdwardsSum set(EdwardsPoint point) {
    x.set(point.x());
    y.set(point.y());
    z.set(1);
    t.multiply(x, y);
    return this;
  }

  /** this = 2·this; {@code withT} where an addition comes next. */
  EdwardsSum twice(boolean withT) {
    e.add(x, y);
    e.square(e);
    f.square(z);
    f.add(f, f);
    x.square(x);
    y.square(y);
    h.add(y, x);
    g.subtract(y, x);
    e.subtract(e, h);
    f.subtract(f, g);
    return finish(withT);
  }

  EdwardsSum add(EdwardsAddend p) {
    return add(p, p.sum(), p.difference(), true);
  }

  /** Adds d·P for an odd digit d, from the table P, 3P, ..; a zero digit adds nothing. */
  void addDigit(int digit, EdwardsAddend[] oddMultiples) {
    if (digit > 0) {
      var p = oddMultiples[digit >> 1];
      add(p, p.sum(), p.difference(), true);
    } else if (digit < 0) {
      var p = oddMultiples[-digit >> 1];
      add(p, p.difference(), p.sum(), false);
    }
  }

  private EdwardsSum add(
      EdwardsAddend p, FieldElement25519 sum, FieldElement25519 difference, boolean plus) {
    e.add(y, x);
    f.subtract(y, x);
    e.multiply(e, sum);
    f.multiply(f, difference);
    h.add(e, f);
    e.subtract(e, f);
    x.multiply(z, p.z());
    y.multiply(t, p.t());
    if (plus) {
      f.subtract(x, y);
      g.add(x, y);
    } else {
      f.add(x, y);
      g.subtract(x, y);
    }
    return finish(true);
  }

  /** X = EF, Y = GH, Z = FG, T = EH. */
  private EdwardsSum finish(boolean withT) {
    x.multiply(e, f);
    y.multiply(g, h);
    z.multiply(f, g);
    if (withT) {
      t.multiply(e, h);
    }
    return this;
  }

  /** Needs T. */
  EdwardsAddend addend() {
    return new EdwardsAddend(
        new FieldElement25519().add(y, x),
        new FieldElement25519().subtract(y, x),
        new FieldElement25519().add(z, z),
        new FieldElement25519().multiply(t, EdwardsPoint.TWICE_D));
  }

  boolean isIdentity() {
    return x.isZero() && y.sameAs(z);
  }

  EdwardsPoint affine() {
    var inverse = new FieldElement25519().invert(z);
    return new EdwardsPoint(
        new FieldElement25519().multiply(x, inverse), new FieldElement25519().multiply(y, inverse));
  }
}
