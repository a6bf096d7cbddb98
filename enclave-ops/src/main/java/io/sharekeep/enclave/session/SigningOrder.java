package io.sharekeep.enclave.session;

import io.sharekeep.enclave.SignRequest;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.Purpose;
import io.sharekeep.threshold.frost.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sign request that has been read: the transaction, what of it is to be signed, and under which
 * key. Everything in it was computed here.
 *
 * @param account our side of the transaction
 * @param lanes one per signature, in the order of the intent's inputs
 */
record SigningOrder(
    SignRequest request,
    HeldKey key,
    Purpose purpose,
    byte[] payload,
    Account account,
    Intent intent,
    List<Lane> lanes) {
  /**
   * One signature to make.
   *
   * @param input which input of the transaction it is for
   * @param key the key that it must verify under, tweaked as the input demands
   */
  record Lane(int input, SigningKey key, byte[] message) {
    /** 32 bytes for both schemes: the Ed25519 key, or the x-only output key. */
    byte[] publicKey() {
      return switch (key.suite()) {
        case ED25519 -> key.groupKey().encoded();
        case SECP256K1_TAPROOT -> key.xOnly();
        case SECP256K1 -> throw new IllegalStateException("no purpose signs by this suite");
      };
    }
  }

  /** The transaction with its signatures, for chains that have one. */
  Optional<byte[]> assemble(List<byte[]> signatures) {
    return Optional.of(
        Decoders.assemble(purpose, payload, account, new ArrayList<>(signatures))
            .bytes()
            .toArray());
  }
}
