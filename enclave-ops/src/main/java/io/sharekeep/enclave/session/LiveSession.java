package io.sharekeep.enclave.session;

import io.sharekeep.enclave.StepReply;
import java.util.List;

/**
 * A session between its first round and its end. It belongs to one signing thread, which alone
 * calls it.
 */
interface LiveSession {
  /** Runs a round; {@code inbox} has not been answered before. */
  StepReply step(int round, List<byte[]> inbox);

  /** Which round it waits for. */
  int nextRound();

  /** Whether it ended by itself; nothing is held any more. */
  boolean isOver();

  /** Whether its deadline or its idle limit has passed. */
  boolean isExpired();

  /** Wipes what it holds and records that it was lost. */
  void abandon(String reason);
}
