package io.sharekeep.enclave;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** How a request ended. Durable: the same request has the same outcome for ever. */
public sealed interface Outcome {
  String requestId();

  /** Verified under the group key by an independent verifier before it was put here. */
  record Signed(
      String requestId,
      KeyId keyId,
      Scheme scheme,
      List<Signature> signatures,
      Optional<byte[]> signedTransaction)
      implements Outcome {
    public Signed {
      signatures = List.copyOf(signatures);
    }
  }

  /**
   * One signature of a transaction.
   *
   * @param input which input of the transaction it is for
   * @param publicKey what it verifies under: tweaked or derived where that applies
   * @param message the exact bytes that were signed
   * @param signature 64 bytes; of ECDSA r ‖ s
   * @param recovery of ECDSA alone
   */
  record Signature(
      int input, byte[] publicKey, byte[] message, byte[] signature, Optional<Recovery> recovery) {
    /** Of a scheme whose signatures give no key back. */
    public Signature(int input, byte[] publicKey, byte[] message, byte[] signature) {
      this(input, publicKey, message, signature, Optional.empty());
    }
  }

  /**
   * What gives the key back from an ECDSA signature.
   *
   * @param id 0..3: bit 0 is the parity of y(R), bit 1 says that x(R) is at least the order
   * @param v of an EVM transaction: the parity, or for a legacy one 35 + 2·chain + parity
   */
  record Recovery(int id, Optional<BigInteger> v) {}

  record KeyGenerated(String requestId, KeyDescription key) implements Outcome {}

  /** What two parties share of an ECDSA key is new at this party. */
  record PairRekeyed(String requestId, KeyId keyId, List<Integer> parties, long generation)
      implements Outcome {
    public PairRekeyed {
      parties = List.copyOf(parties);
    }
  }

  /** A presignature of these parties lies in the locked memory of each. */
  record Presigned(String requestId, KeyId keyId, List<Integer> parties) implements Outcome {
    public Presigned {
      parties = List.copyOf(parties);
    }
  }

  /** Policy said no. */
  record Denied(String requestId, String rule) implements Outcome {}

  /** The session failed; nothing was released. */
  record Aborted(String requestId, String fault, List<Integer> culprits) implements Outcome {
    public Aborted {
      culprits = List.copyOf(culprits);
    }
  }

  /** The session died with its process or deadline and is never resumed. */
  record Lost(String requestId, String reason) implements Outcome {}
}
