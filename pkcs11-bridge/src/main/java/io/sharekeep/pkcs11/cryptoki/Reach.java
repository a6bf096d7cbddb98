package io.sharekeep.pkcs11.cryptoki;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The caller's memory as the token's driver sees it: itself, or a locked copy where the driver
 * cannot reach secret memory.
 */
final class Reach implements AutoCloseable {
  private final MemorySegment theirs;
  private final Optional<LockedMemory> copy;

  private Reach(MemorySegment theirs, boolean bounce) {
    this.theirs = theirs;
    this.copy = bounce ? Optional.of(new LockedMemory(theirs.byteSize())) : Optional.empty();
  }

  static Reach reading(MemorySegment from, boolean bounce) {
    var reach = new Reach(from, bounce);
    reach.copy.ifPresent(locked -> locked.bytes().copyFrom(from));
    return reach;
  }

  static Reach writing(MemorySegment to, boolean bounce) {
    return new Reach(to, bounce);
  }

  MemorySegment bytes() {
    return copy.map(LockedMemory::bytes).orElse(theirs);
  }

  /** Hands over the first bytes of what was written. */
  void deliver(long length) {
    copy.ifPresent(locked -> theirs.asSlice(0, length).copyFrom(locked.bytes().asSlice(0, length)));
  }

  @Override
  public void close() {
    copy.ifPresent(LockedMemory::close);
  }
}
