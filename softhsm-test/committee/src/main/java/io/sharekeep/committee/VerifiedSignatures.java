package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.Purpose;
import io.sharekeep.intent.SignedTransaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The signatures that a committee gave out for a transaction, held against the bytes that it must
 * sign by our own decoding, and against its key by a verifier that shares no code with the signers.
 *
 * @param json for the result file, one for each signature
 * @param all whether there are any and every one is right
 * @param transaction with the signatures in it
 */
record VerifiedSignatures(List<ObjectNode> json, boolean all, SignedTransaction transaction) {
  private static final HexFormat HEX = HexFormat.of();

  VerifiedSignatures {
    json = List.copyOf(json);
  }

  /** What a payload does that pays from that key. */
  static Intent intent(Key key, byte[] payload) {
    if (!(Decoders.decode(purpose(key), payload, key.account())
        instanceof Decoding.Decoded(var intent))) {
      throw new IllegalStateException("the example of " + key.purpose() + " does not decode");
    }
    return intent;
  }

  /**
   * @param outcome what the appliance answered
   * @param millis how long that took
   */
  static VerifiedSignatures of(Key key, byte[] payload, JsonNode outcome, long millis) {
    var intent = intent(key, payload);
    var verifier = IndependentVerifier.of(key.scheme());
    var all = new ArrayList<ObjectNode>();
    var raw = new ArrayList<byte[]>();
    boolean right = true;
    for (var signature : outcome.path("signatures")) {
      var publicKey = HEX.parseHex(signature.get("publicKey").textValue());
      var message = HEX.parseHex(signature.get("message").textValue());
      var bytes = HEX.parseHex(signature.get("signature").textValue());
      raw.add(bytes);
      var onChain =
          key.isTaproot() && publicKey.length == 33
              ? Arrays.copyOfRange(publicKey, 1, 33)
              : publicKey;
      boolean verified =
          Arrays.equals(onChain, key.onChain())
              && Arrays.equals(
                  message, intent.inputs().get(signature.get("input").intValue()).bytes().toArray())
              && verifier.verifies(onChain, message, bytes);
      right &= verified;
      var json = JsonNodeFactory.instance.objectNode();
      json.put("keyId", key.id());
      json.put("publicKey", HEX.formatHex(onChain));
      json.put("scheme", key.scheme());
      json.put("message", HEX.formatHex(message));
      json.put("signature", HEX.formatHex(bytes));
      var verifiedBy = json.putArray("verifiedBy");
      if (verified) {
        verifiedBy.add(verifier.title());
      }
      json.put("millis", millis);
      all.add(json);
    }
    var transaction = Decoders.assemble(purpose(key), payload, key.account(), raw);
    all.getFirst().put("transaction", transaction.bytes().hex());
    all.getFirst().put("transactionId", transaction.id());
    return new VerifiedSignatures(all, right, transaction);
  }

  private static Purpose purpose(Key key) {
    return Purpose.named(key.purpose()).orElseThrow();
  }
}
