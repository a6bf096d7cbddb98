package io.sharekeep.enclave.rules;

import java.math.BigInteger;
import java.util.Set;

/** What has been spent, as it stands at the moment of a decision. It fails by throwing. */
public interface Windows {
  /** Nothing was ever spent. */
  Windows EMPTY =
      new Windows() {
        @Override
        public BigInteger spent(Limit limit, String bucket) {
          return BigInteger.ZERO;
        }

        @Override
        public int unseen(Limit limit, String bucket, Set<String> destinations) {
          return destinations.size();
        }
      };

  /** What counts in that window: a sum in base units, or a number. */
  BigInteger spent(Limit limit, String bucket);

  /** How many of these destinations the window does not hold yet. */
  int unseen(Limit limit, String bucket, Set<String> destinations);
}
