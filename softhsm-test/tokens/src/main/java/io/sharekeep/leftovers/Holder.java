package io.sharekeep.leftovers;

import java.util.List;

/**
 * Something that lends secret memory or keeps a log. It {@linkplain Holders#add enrols} when it is
 * made; {@link LeavesNothing} asks it after each test.
 */
@FunctionalInterface
public interface Holder {
  /**
   * What is not as it must be between two tests: a slab that is lent, a lease that is open, a log
   * that does not verify. A sentence each.
   */
  List<String> leftovers();
}
