package io.sharekeep.threshold.group;

import java.util.List;
import java.util.Optional;

/** Public arithmetic on the prime-order subgroup of edwards25519. */
final class Ed25519PublicOps extends JavaPublicOps {
  static final Element GENERATOR = element(EdwardsTables.BASE);

  private static final int WIDTH = 5;

  private static final long[] ORDER = ScalarField.ED25519.order();

  /** Tables up to this length are not worth keeping. */
  private static final int FEW = 2;

  Ed25519PublicOps() {
    super(ScalarField.ED25519);
  }

  @Override
  public Optional<Element> decode(byte[] encoding) {
    return EdwardsPoint.decode(encoding)
        .filter(point -> !point.isIdentity() && point.inPrimeSubgroup())
        .map(point -> new Element(GroupId.ED25519, encoding.clone(), point));
  }

  @Override
  public Element generator() {
    return GENERATOR;
  }

  @Override
  public Element negate(Element p) {
    return element(EdwardsPoint.of(p).negate());
  }

  /** Straus: the doublings are shared by all terms. */
  @Override
  public Optional<Element> linearCombination(List<PublicScalar> scalars, List<Element> elements) {
    int terms = scalars.size();
    if (terms != elements.size()) {
      throw new IllegalArgumentException(terms + " scalars for " + elements.size() + " elements");
    }
    var digits = new byte[terms][];
    var tables = new EdwardsAddend[terms][];
    for (int i = 0; i < terms; i++) {
      long[] limbs = ScalarField.ED25519.limbs(scalars.get(i));
      boolean base = elements.get(i).equals(GENERATOR);
      digits[i] = SignedDigits.of(limbs, base ? EdwardsTables.WIDTH : WIDTH);
      tables[i] =
          base ? EdwardsTables.ODD_MULTIPLES : table(EdwardsPoint.of(elements.get(i)), digits[i]);
    }
    var sum = sum(digits, tables);
    return sum.isIdentity() ? Optional.empty() : Optional.of(element(sum.affine()));
  }

  /**
   * With c = u/v of half size, and v odd: v·s·G − u·P − v·R is the identity just where s·G − c·P is
   * R, also for an R with a part of small order, which an odd factor leaves.
   */
  @Override
  public boolean isDifference(PublicScalar s, PublicScalar c, Element p, byte[] encoding) {
    var field = ScalarField.ED25519;
    var ratio = HalfSizeRatio.of(ORDER, field.limbs(c));
    if (ratio.isEmpty()) {
      return super.isDifference(s, c, p, encoding);
    }
    var difference = EdwardsPoint.decode(encoding);
    if (difference.isEmpty() || difference.get().isIdentity()) {
      return false;
    }
    boolean negative = ratio.get().negative();
    long[] vs = field.limbs(field.multiply(field.scalar(ratio.get().v()), s));
    var digits = new byte[4][];
    digits[0] = SignedDigits.of(new long[] {vs[0], vs[1], 0, 0}, EdwardsTables.WIDTH);
    digits[1] = SignedDigits.of(new long[] {vs[2], vs[3], 0, 0}, EdwardsTables.WIDTH);
    digits[2] = SignedDigits.of(ratio.get().u(), WIDTH);
    digits[3] = SignedDigits.of(ratio.get().v(), WIDTH);
    // Times the sign of v: vs·G − (±u)·P − |v|·R.
    var minusR = difference.get().negate();
    var point = EdwardsPoint.of(p);
    var tables =
        new EdwardsAddend[][] {
          EdwardsTables.ODD_MULTIPLES,
          EdwardsTables.HIGH_ODD_MULTIPLES,
          (negative ? point : point.negate()).oddMultiples(),
          minusR.oddMultiples()
        };
    return sum(digits, tables).isIdentity();
  }

  /** As many odd multiples as the digits ask for: small factors are most of what a sum has. */
  private static EdwardsAddend[] table(EdwardsPoint point, byte[] digits) {
    int largest = 0;
    for (byte digit : digits) {
      largest = Math.max(largest, Math.abs(digit));
    }
    int count = (largest + 1) / 2;
    return count > FEW ? point.oddMultiples() : point.oddMultiples(Math.max(1, count));
  }

  private static EdwardsSum sum(byte[][] digits, EdwardsAddend[][] tables) {
    var sum = new EdwardsSum();
    int bit = SignedDigits.highest(digits);
    for (; bit >= 0; bit--) {
      boolean adds = false;
      for (byte[] of : digits) {
        adds |= of[bit] != 0;
      }
      sum.twice(adds);
      for (int i = 0; adds && i < digits.length; i++) {
        sum.addDigit(digits[i][bit], tables[i]);
      }
    }
    return sum;
  }

  static Element element(EdwardsPoint point) {
    return new Element(GroupId.ED25519, point.encoded(), point);
  }
}
