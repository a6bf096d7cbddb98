package io.sharekeep.intent;

/**
 * A transaction that its chain accepts.
 *
 * @param bytes the wire form
 * @param id as explorers show it: Bitcoin's txid in hex, Solana's first signature in base58
 */
public record SignedTransaction(Bytes bytes, String id) {}
