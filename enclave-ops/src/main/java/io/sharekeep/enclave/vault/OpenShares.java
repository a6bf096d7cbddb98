package io.sharekeep.enclave.vault;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Secret;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** This party's shares of one key, open in a lease. Closing wipes them. */
public final class OpenShares implements AutoCloseable {
  private final SortedMap<EvaluationPoint, Secret> shares;
  private final Optional<Secret> pairKey;
  private final long opened;
  private final LongConsumer held;
  private boolean closed;

  /**
   * @param opened when the token was asked, by {@link System#nanoTime}: from then on they may lie
   *     in the lease
   * @param held is told the nanoseconds until the wipe
   */
  OpenShares(
      SortedMap<EvaluationPoint, Secret> shares,
      Optional<Secret> pairKey,
      long opened,
      LongConsumer held) {
    this.pairKey = pairKey;
    this.opened = opened;
    this.shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
    this.held = held;
  }

  /** 32 bytes each, in the group's byte order; they die with this object. */
  public SortedMap<EvaluationPoint, Secret> shares() {
    return shares;
  }

  /**
   * 32 bytes that seal the secrets with each other party.
   *
   * @throws IllegalStateException when keys of that scheme have none
   */
  public Secret pairKey() {
    return pairKey.orElseThrow(() -> new IllegalStateException("a key without pairs"));
  }

  Optional<Secret> pairKeyIfAny() {
    return pairKey;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      shares.values().forEach(Secret::close);
      pairKey.ifPresent(Secret::close);
      held.accept(System.nanoTime() - opened);
    }
  }

  @Override
  public String toString() {
    return "OpenShares[redacted]";
  }
}
