package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.Purpose;
import io.sharekeep.threshold.frost.SigningKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sign request that has been read: the transaction, what of it is to be signed, and under which
 * key. Everything in it was computed here.
 *
 * @param path of the account, from the key
 * @param account our side of the transaction
 * @param lanes one per signature, in the order of the intent's inputs
 */
record SigningOrder(
    SignRequest request,
    HeldKey key,
    KeyPath path,
    Purpose purpose,
    byte[] payload,
    Account account,
    Intent intent,
    List<Lane> lanes) {
  /**
   * One signature to make.
   *
   * @param input which input of the transaction it is for
   * @param key the key that it must verify under
   */
  record Lane(int input, LaneKey key, byte[] message) {
    /** For a session of FROST. */
    SigningKey schnorr() {
      return switch (key) {
        case LaneKey.Schnorr(SigningKey signing) -> signing;
        case LaneKey.Ecdsa _ -> throw new IllegalStateException("an ECDSA key in FROST");
      };
    }

    /** For a session of threshold ECDSA. */
    io.sharekeep.threshold.ecdsa.SigningKey ecdsa() {
      return switch (key) {
        case LaneKey.Ecdsa(var signing) -> signing;
        case LaneKey.Schnorr _ -> throw new IllegalStateException("a Schnorr key in ECDSA");
      };
    }

    /** What it verifies under, as the chain knows it. */
    byte[] publicKey() {
      return key.publicKey();
    }
  }

  /**
   * What else an ECDSA signature comes with.
   *
   * @param recoveryId 0..3
   */
  Outcome.Recovery recovery(int recoveryId) {
    if (purpose != Purpose.EVM_TX) {
      return new Outcome.Recovery(recoveryId, Optional.empty());
    }
    var chain = intent.chain().toString();
    var chainId = new BigInteger(chain.substring(chain.indexOf(':') + 1));
    // EIP-155 for a legacy transaction, which is a list; the parity for those with a type.
    boolean legacy = Byte.toUnsignedInt(payload[0]) >= 0xc0;
    var parity = BigInteger.valueOf(recoveryId & 1);
    return new Outcome.Recovery(
        recoveryId,
        Optional.of(
            legacy ? chainId.shiftLeft(1).add(BigInteger.valueOf(35)).add(parity) : parity));
  }

  /** The transaction with its signatures, for chains that have one. */
  Optional<byte[]> assemble(List<byte[]> signatures) {
    return Optional.of(
        Decoders.assemble(purpose, payload, account, new ArrayList<>(signatures))
            .bytes()
            .toArray());
  }
}
