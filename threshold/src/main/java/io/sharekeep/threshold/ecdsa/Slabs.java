package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.SortedMap;
import java.util.TreeMap;

/** One slab of equal length for each peer, wiped together. */
final class Slabs implements AutoCloseable {
  private final SortedMap<PartyId, Scratch.Slab> byPeer = new TreeMap<>();
  private final Scratch scratch;
  private final long length;

  Slabs(Scratch scratch, long length) {
    this.scratch = scratch;
    this.length = length;
  }

  /** The peer's slab, borrowed when it is first asked for. */
  MemorySegment of(PartyId peer) {
    return byPeer.computeIfAbsent(peer, _ -> scratch.borrow(length)).bytes();
  }

  @Override
  public void close() {
    byPeer.values().forEach(Scratch.Slab::close);
  }
}
