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

  EdwardsSum set(EdwardsSum sum) {
    x.set(sum.x);
    y.set(sum.y);
    z.set(sum.z);
    t.set(sum.t);
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

  /** Adds ±P from {@link EdwardsWindows}: y+x, y-x and 2dxy of an affine point. */
  void add(long[] table, int at, boolean minus) {
    e.add(y, x);
    f.subtract(y, x);
    e.multiply(e, h.read(table, minus ? at + 5 : at));
    f.multiply(f, h.read(table, minus ? at : at + 5));
    y.multiply(t, h.read(table, at + 10));
    x.add(z, z);
    h.add(e, f);
    e.subtract(e, f);
    if (minus) {
      f.add(x, y);
      g.subtract(x, y);
    } else {
      f.subtract(x, y);
      g.add(x, y);
    }
    finish(true);
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

  /** All of them by one inversion (Montgomery): none may have z = 0, and no sum here has. */
  static EdwardsPoint[] affine(EdwardsSum[] sums) {
    var products = new FieldElement25519[sums.length];
    var product = new FieldElement25519().set(1);
    for (int i = 0; i < sums.length; i++) {
      products[i] = new FieldElement25519().set(product);
      product.multiply(product, sums[i].z);
    }
    var inverse = product.invert(product);
    var points = new EdwardsPoint[sums.length];
    for (int i = sums.length - 1; i >= 0; i--) {
      var of = new FieldElement25519().multiply(inverse, products[i]);
      inverse.multiply(inverse, sums[i].z);
      points[i] =
          new EdwardsPoint(
              new FieldElement25519().multiply(sums[i].x, of),
              new FieldElement25519().multiply(sums[i].y, of));
    }
    return points;
  }

  EdwardsPoint affine() {
    var inverse = new FieldElement25519().invert(z);
    return new EdwardsPoint(
        new FieldElement25519().multiply(x, inverse), new FieldElement25519().multiply(y, inverse));
  }
}
