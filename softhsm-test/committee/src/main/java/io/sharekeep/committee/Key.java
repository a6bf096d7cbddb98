package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Addresses;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A key that a committee has made, as its description says.
 *
 * @param publicKey hex: 32 bytes of Ed25519, or a compressed secp256k1 point
 */
public record Key(
    String id,
    String scheme,
    Shape shape,
    String committee,
    String publicKey,
    Optional<String> address) {
  static Key of(JsonNode description, Shape shape) {
    return new Key(
        description.get("id").textValue(),
        description.get("scheme").textValue(),
        shape,
        description.get("committee").textValue(),
        description.get("publicKey").textValue(),
        Optional.ofNullable(description.get("address")).map(JsonNode::textValue));
  }

  public boolean isTaproot() {
    return scheme.equals("frost-secp256k1-tr");
  }

  public boolean isEcdsa() {
    return scheme.equals("dkls23-secp256k1");
  }

  /** What its examples are signed for. */
  public String purpose() {
    return isEcdsa() ? "evm.tx" : isTaproot() ? "btc.tx" : "sol.tx";
  }

  /** 32 bytes: Ed25519's, or x-only without tweak. */
  public byte[] group() {
    var bytes = HexFormat.of().parseHex(publicKey);
    return bytes.length == 33 ? java.util.Arrays.copyOfRange(bytes, 1, 33) : bytes;
  }

  /** 32 bytes: what the chain sees; for ECDSA the compressed point, 33 bytes. */
  public byte[] onChain() {
    return isEcdsa()
        ? HexFormat.of().parseHex(publicKey)
        : isTaproot() ? TaprootOutput.of(group()) : group();
  }

  /** As decoders want it. */
  public Account account() {
    return new Account(chain(), Bytes.of(onChain()));
  }

  /** The address that we compute ourselves from the public key. */
  public String expectedAddress() {
    return isEcdsa()
        ? Addresses.evm(onChain())
        : isTaproot() ? Addresses.taproot(onChain(), chain()) : Addresses.solana(onChain());
  }

  /** That of the example: EVM transactions name theirs, and the example's is mainnet. */
  private ChainId chain() {
    return isEcdsa()
        ? ChainId.ETHEREUM
        : isTaproot() ? ChainId.BITCOIN_TESTNET3 : ChainId.SOLANA_TESTNET;
  }
}
