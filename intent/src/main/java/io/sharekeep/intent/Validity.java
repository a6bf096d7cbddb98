package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.List;

/** Until when the signed transaction is good, and what it would replace. */
public sealed interface Validity {
  /**
   * Solana: good while the blockhash is recent, about 150 slots; there is no way to say when that
   * ends.
   */
  record RecentBlockhash(Bytes blockhash) implements Validity {}

  /**
   * Solana: good until the nonce account advances. Two transactions with one value replace each
   * other.
   *
   * @param account that keeps the nonce, in base58
   * @param nonce its value, in the place of a blockhash
   */
  record DurableNonce(String account, Bytes nonce) implements Validity {}

  /**
   * Bitcoin: good for ever once the lock time has passed, until one of its outpoints is spent
   * otherwise. Two transactions that share an outpoint replace each other.
   *
   * @param lockTime as in the transaction: a height below 500 000 000, else seconds since 1970
   * @param replaceable whether BIP-125 lets anyone with the keys replace it before it confirms
   */
  record Outpoints(long lockTime, boolean replaceable, List<Outpoint> spent) implements Validity {
    public Outpoints {
      spent = List.copyOf(spent);
    }
  }

  /**
   * @param txid as explorers show it: the hash's bytes reversed, in hex
   */
  record Outpoint(String txid, long index) {}

  /**
   * EVM: good from when the account's count of transactions reaches the nonce, and for ever until
   * then. Two transactions with one nonce replace each other.
   */
  record AccountNonce(BigInteger nonce) implements Validity {}
}
