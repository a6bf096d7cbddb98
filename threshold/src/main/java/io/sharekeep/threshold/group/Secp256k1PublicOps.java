package io.sharekeep.threshold.group;

import java.util.List;
import java.util.Optional;

/** Public arithmetic on secp256k1, a curve of prime order. */
final class Secp256k1PublicOps extends JavaPublicOps {
  static final Element GENERATOR = element(WeierstrassTables.BASE);

  private static final int WIDTH = 5;

  Secp256k1PublicOps() {
    super(ScalarField.SECP256K1);
  }

  @Override
  public Optional<Element> decode(byte[] encoding) {
    return WeierstrassPoint.decode(encoding)
        .map(point -> new Element(GroupId.SECP256K1, encoding.clone(), point));
  }

  @Override
  public Element generator() {
    return GENERATOR;
  }

  @Override
  public Element negate(Element p) {
    return element(WeierstrassPoint.of(p).negate());
  }

  /** Straus: the doublings are shared by all terms. */
  @Override
  public Optional<Element> linearCombination(List<PublicScalar> scalars, List<Element> elements) {
    int terms = scalars.size();
    if (terms != elements.size()) {
      throw new IllegalArgumentException(terms + " scalars for " + elements.size() + " elements");
    }
    var digits = new byte[terms][];
    var tables = new WeierstrassPoint[terms][];
    for (int i = 0; i < terms; i++) {
      long[] limbs = ScalarField.SECP256K1.limbs(scalars.get(i));
      boolean base = elements.get(i).equals(GENERATOR);
      digits[i] = SignedDigits.of(limbs, base ? WeierstrassTables.WIDTH : WIDTH);
      tables[i] =
          base
              ? WeierstrassTables.ODD_MULTIPLES
              : WeierstrassPoint.of(elements.get(i)).oddMultiples();
    }
    var sum = new WeierstrassSum();
    for (int bit = SignedDigits.highest(digits); bit >= 0; bit--) {
      sum.twice();
      for (int i = 0; i < terms; i++) {
        sum.addDigit(digits[i][bit], tables[i]);
      }
    }
    return sum.affine().map(Secp256k1PublicOps::element);
  }

  static Element element(WeierstrassPoint point) {
    return new Element(GroupId.SECP256K1, point.encoded(), point);
  }
}
