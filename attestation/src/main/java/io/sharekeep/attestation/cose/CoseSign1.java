package io.sharekeep.attestation.cose;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import java.security.PublicKey;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A signed envelope as read: its structure is sound, and nothing else is known of it. Who reads one
 * goes on in this order (attestation, section 3.3): algorithm, chain, signature, and only then the
 * payload.
 *
 * @param protectedHeader as it was signed
 */
public record CoseSign1(
    CoseHeader header, byte[] protectedHeader, byte[] payload, byte[] signature) {
  private static final long ALGORITHM = 1;
  private static final long KEY_ID = 4;
  private static final long TYPE = 16;
  private static final long X5CHAIN = 33;
  private static final long SIGN1 = 18;
  private static final long CWT = 61;

  /**
   * Signs.
   *
   * @param signer what the {@code Sig_structure} becomes: r ‖ s of 96 bytes for ES384
   * @return the envelope's bytes
   */
  public static byte[] write(CoseHeader header, byte[] payload, UnaryOperator<byte[]> signer) {
    byte[] protectedHeader = encode(protectedItem(header));
    byte[] signature = signer.apply(toBeSigned(protectedHeader, payload));
    var sign1 =
        Cbor.tag(
            SIGN1,
            Cbor.list(
                Cbor.bytes(protectedHeader),
                Cbor.map(_ -> {}),
                Cbor.bytes(payload),
                Cbor.bytes(signature)));
    return encode(isCwt(header.type()) ? Cbor.tag(CWT, sign1) : sign1);
  }

  /**
   * Reads untrusted bytes strictly: one canonical encoding, the expected type, no unprotected
   * header, no header that is not known, and so no {@code crit}.
   */
  public static Parsed<CoseSign1> read(byte[] bytes, String type, CborLimits limits) {
    return switch (CborDecoder.decode(CborProfile.EVIDENCE, bytes, limits)) {
      case Decoded.Malformed(var reason, var offset) ->
          new Parsed.Malformed<>(reason + " at offset " + offset);
      case Decoded.Item(var item) -> envelope(item, type, limits);
    };
  }

  private static Parsed<CoseSign1> envelope(Cbor item, String type, CborLimits limits) {
    var untagged = item;
    if (isCwt(type)) {
      if (!(untagged instanceof Cbor.Tag(var number, var inner)) || number != CWT) {
        return new Parsed.Malformed<>("tag 61 (CWT) is missing");
      }
      untagged = inner;
    }
    if (!(untagged instanceof Cbor.Tag(var number, var body)) || number != SIGN1) {
      return new Parsed.Malformed<>("tag 18 (COSE_Sign1) is missing");
    }
    if (!(body instanceof Cbor.Sequence(var parts)) || parts.size() != 4) {
      return new Parsed.Malformed<>("a COSE_Sign1 has four parts");
    }
    if (!(parts.get(1) instanceof Cbor.Mapping(var unprotected)) || !unprotected.isEmpty()) {
      return new Parsed.Malformed<>("the unprotected header is not empty");
    }
    if (!(parts.get(0) instanceof Cbor.Bytes protectedHeader)
        || !(parts.get(2) instanceof Cbor.Bytes payload)
        || !(parts.get(3) instanceof Cbor.Bytes signature)) {
      return new Parsed.Malformed<>("header, payload or signature is no byte string");
    }
    return switch (CborDecoder.parse(
        CborProfile.EVIDENCE, protectedHeader.value(), limits, CoseSign1::header)) {
      case Parsed.Malformed<CoseHeader>(var reason) ->
          new Parsed.Malformed<>("protected header: " + reason);
      case Parsed.Valid<CoseHeader>(var header) ->
          header.type().equals(type)
              ? new Parsed.Valid<>(
                  new CoseSign1(
                      header, protectedHeader.value(), payload.value(), signature.value()))
              : new Parsed.Malformed<>("the type is not " + type);
    };
  }

  private static CoseHeader header(CborFields fields) {
    return new CoseHeader(
        fields.integer(ALGORITHM, -65536, 65535),
        fields.text(TYPE, 1, 100),
        fields.has(X5CHAIN) ? chain(fields) : List.of(),
        fields.optional(KEY_ID, f -> new Octets(f.bytes(KEY_ID, 1, 4096))));
  }

  /** One certificate is a byte string, several are an array; an array of one is refused. */
  private static List<Octets> chain(CborFields fields) {
    if (fields.item(X5CHAIN) instanceof Cbor.Bytes single) {
      return List.of(new Octets(single.value()));
    }
    var items = fields.list(X5CHAIN, 2, CoseHeader.MAX_CERTIFICATES);
    return items.stream()
        .map(item -> {
          fields.require(item instanceof Cbor.Bytes, X5CHAIN, "holds what is no certificate");
          return new Octets(((Cbor.Bytes) item).value());
        })
        .toList();
  }

  /** What is signed: {@code Sig_structure} without external data, RFC 9052 section 4.4. */
  public byte[] toBeSigned() {
    return toBeSigned(protectedHeader, payload);
  }

  /** Whether the algorithm is accepted, fits the key, and the signature is the key's. */
  public boolean isSignedBy(PublicKey key) {
    return CoseAlgorithm.of(header.algorithm())
        .filter(algorithm -> algorithm.verifies(key, toBeSigned(), signature))
        .isPresent();
  }

  private static byte[] toBeSigned(byte[] protectedHeader, byte[] payload) {
    return encode(
        Cbor.list(
            Cbor.text("Signature1"),
            Cbor.bytes(protectedHeader),
            Cbor.bytes(new byte[0]),
            Cbor.bytes(payload)));
  }

  private static Cbor protectedItem(CoseHeader header) {
    return Cbor.map(map -> {
      map.put(ALGORITHM, header.algorithm()).put(TYPE, header.type());
      header.keyId().ifPresent(id -> map.put(KEY_ID, id.value()));
      var chain = header.chain();
      if (chain.size() == 1) {
        map.put(X5CHAIN, chain.getFirst().value());
      } else if (!chain.isEmpty()) {
        map.put(X5CHAIN, Cbor.list(chain.stream().map(c -> Cbor.bytes(c.value())).toList()));
      }
    });
  }

  private static boolean isCwt(String type) {
    return type.equals(CoseHeader.REPORT);
  }

  private static byte[] encode(Cbor item) {
    return CborEncoder.encode(CborProfile.EVIDENCE, item);
  }
}
