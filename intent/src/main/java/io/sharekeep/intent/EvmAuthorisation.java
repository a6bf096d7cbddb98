package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.List;

/**
 * EIP-7702's authorisation, signed alone: {@code keccak256(0x05 ‖ rlp([chain, delegate, nonce]))}.
 *
 * @param chainId 0 is every chain
 */
record EvmAuthorisation(BigInteger chainId, Bytes delegate, BigInteger nonce, Rlp.Sequence fields) {
  static final byte MAGIC = 5;

  static EvmAuthorisation parse(byte[] payload, Terms terms) {
    terms.require(OptIn.EVM_SET_CODE, 0, "an authorisation to set code (EIP-7702)");
    var list = Rlp.parse(payload, 1);
    var fields = EvmFields.of(list, 3, "an authorisation");
    return new EvmAuthorisation(
        fields.integer(64, "the chain id"), fields.fixed(20, "the delegate"), fields.nonce(), list);
  }

  /** It costs its signer nothing: whoever brings it to the chain pays. */
  Intent intent(View view) {
    boolean everywhere = chainId.signum() == 0;
    if (everywhere && view.chain().isEmpty()) {
      throw new Refusal(
          RefusalCode.CHAIN_ID_MISSING,
          1,
          "an authorisation for every chain needs one to be read for");
    }
    var chain = everywhere ? view.chain().orElseThrow() : EvmDecoder.chain(chainId, view);
    var parts = new EvmDecoder.Parts();
    EvmDecoder.delegate(chainId, delegate, chain, 1, parts);
    return parts.intent(
        chain,
        new Fee(AssetId.ether(chain), BigInteger.ZERO),
        new Validity.AccountNonce(nonce),
        prefixed(Rlp.encode(fields)));
  }

  /** The tuple that goes into a transaction of type 4. */
  byte[] signed(int parity, BigInteger r, BigInteger s) {
    return Rlp.encode(
        new Rlp.Sequence(
            List.of(
                fields.items().get(0),
                fields.items().get(1),
                fields.items().get(2),
                Rlp.of(BigInteger.valueOf(parity)),
                Rlp.of(r),
                Rlp.of(s)),
            0));
  }

  private static byte[] prefixed(byte[] list) {
    var bytes = new byte[1 + list.length];
    bytes[0] = MAGIC;
    System.arraycopy(list, 0, bytes, 1, list.length);
    return bytes;
  }
}
