package io.sharekeep.intent;

/**
 * A contract or program that runs, beyond what the decoder explains as transfers and grants.
 *
 * @param selector the bytes by which the target tells its operations apart; may be empty
 */
public record Call(Destination target, Bytes selector) {}
