package io.sharekeep.threshold.group;

import java.util.Optional;

/**
 * A running sum of public points of secp256k1 in Jacobian coordinates. Variable-time: the special
 * cases of the addition are branches.
 */
final class WeierstrassSum {
  private final FieldElementSecp256k1 x = new FieldElementSecp256k1();
  private final FieldElementSecp256k1 y = new FieldElementSecp256k1().set(1);

  /** Zero at infinity. */
  private final FieldElementSecp256k1 z = new FieldElementSecp256k1();

  private boolean infinity = true;

  private final FieldElementSecp256k1 a = new FieldElementSecp256k1();
  private final FieldElementSecp256k1 b = new FieldElementSecp256k1();
  private final FieldElementSecp256k1 c = new FieldElementSecp256k1();
  private final FieldElementSecp256k1 d = new FieldElementSecp256k1();
  private final FieldElementSecp256k1 e = new FieldElementSecp256k1();

  WeierstrassSum set(WeierstrassPoint point) {
    return set(point.x(), point.y());
  }

  WeierstrassSum set(WeierstrassSum other) {
    x.set(other.x);
    y.set(other.y);
    z.set(other.z);
    infinity = other.infinity;
    return this;
  }

  private WeierstrassSum set(FieldElementSecp256k1 px, FieldElementSecp256k1 py) {
    x.set(px);
    y.set(py);
    z.set(1);
    infinity = false;
    return this;
  }

  FieldElementSecp256k1 x() {
    return x;
  }

  FieldElementSecp256k1 y() {
    return y;
  }

  FieldElementSecp256k1 z() {
    return z;
  }

  boolean isInfinity() {
    return infinity;
  }

  /** "dbl-2009-l". No point of this curve has order two, so only infinity gives infinity. */
  WeierstrassSum twice() {
    if (infinity) {
      return this;
    }
    z.multiply(y, z).add(z, z);
    a.square(x);
    b.square(y);
    c.square(b);
    d.add(x, b);
    d.square(d);
    e.add(a, c);
    d.subtract(d, e);
    d.add(d, d);
    a.multiplySmall(a, 3);
    x.square(a);
    x.subtract(x, d);
    x.subtract(x, d);
    d.subtract(d, x);
    y.multiply(a, d);
    c.multiplySmall(c, 8);
    y.subtract(y, c);
    z.multiplySmall(z, 1);
    return this;
  }

  /** Adds d·P for an odd digit d, from the table P, 3P, ..; a zero digit adds nothing. */
  void addDigit(int digit, WeierstrassPoint[] oddMultiples) {
    if (digit > 0) {
      var p = oddMultiples[digit >> 1];
      add(p.x(), p.y());
    } else if (digit < 0) {
      var p = oddMultiples[-digit >> 1];
      add(p.x(), new FieldElementSecp256k1().subtract(new FieldElementSecp256k1(), p.y()));
    }
  }

  /** "madd-2007-bl", and its special cases. */
  WeierstrassSum add(FieldElementSecp256k1 px, FieldElementSecp256k1 py) {
    if (infinity) {
      return set(px, py);
    }
    a.square(z);
    b.multiply(px, a);
    b.subtract(b, x); // H
    c.multiply(z, a);
    c.multiply(c, py);
    c.subtract(c, y); // r/2
    if (b.isZero()) {
      if (c.isZero()) {
        return twice();
      }
      infinity = true;
      x.set(0);
      y.set(1);
      z.set(0);
      return this;
    }
    c.add(c, c);
    z.add(z, b);
    z.square(z);
    d.square(b); // HH
    a.add(a, d);
    z.subtract(z, a);
    d.multiplySmall(d, 4); // I
    b.multiply(b, d); // J
    d.multiply(x, d); // V
    x.square(c);
    e.add(d, d).add(e, b);
    x.subtract(x, e);
    d.subtract(d, x);
    c.multiply(c, d);
    b.multiply(b, y);
    b.add(b, b);
    y.subtract(c, b);
    return this;
  }

  Optional<WeierstrassPoint> affine() {
    return infinity ? Optional.empty() : Optional.of(affine(new FieldElementSecp256k1().invert(z)));
  }

  /** All of them finite: one inversion for all. */
  static WeierstrassPoint[] affine(WeierstrassSum[] sums) {
    var products = new FieldElementSecp256k1[sums.length];
    var product = new FieldElementSecp256k1().set(1);
    for (int i = 0; i < sums.length; i++) {
      products[i] = new FieldElementSecp256k1().set(product);
      product.multiply(product, sums[i].z);
    }
    product.invert(product);
    var points = new WeierstrassPoint[sums.length];
    for (int i = sums.length - 1; i >= 0; i--) {
      points[i] = sums[i].affine(products[i].multiply(products[i], product));
      product.multiply(product, sums[i].z);
    }
    return points;
  }

  private WeierstrassPoint affine(FieldElementSecp256k1 inverse) {
    var square = new FieldElementSecp256k1().square(inverse);
    var cube = new FieldElementSecp256k1().multiply(square, inverse);
    return new WeierstrassPoint(square.multiply(square, x), cube.multiply(cube, y));
  }
}
