package io.sharekeep.enclave.session;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Scheme;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Outcomes as they lie in the store. A generated key is named there, not described. */
final class OutcomeCodec {
  private static final int SIGNED = 1;
  private static final int KEY_GENERATED = 2;
  private static final int DENIED = 3;
  private static final int ABORTED = 4;
  private static final int LOST = 5;
  private static final int PAIR_REKEYED = 6;
  private static final int PRESIGNED = 7;

  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_SIGNATURES = 256;
  private static final int MAX_MESSAGE = 128 * 1024;

  private OutcomeCodec() {}

  static byte[] encode(Outcome outcome) {
    return CborEncoder.encode(
        CborProfile.WIRE,
        Cbor.map(map -> {
          map.put(2, outcome.requestId());
          switch (outcome) {
            case Outcome.Signed signed -> {
              map.put(1, SIGNED)
                  .put(3, signed.keyId().bytes())
                  .put(4, signed.scheme().label())
                  .put(
                      5,
                      Cbor.list(
                          signed.signatures().stream().map(OutcomeCodec::signature).toList()));
              signed.signedTransaction().ifPresent(bytes -> map.put(6, bytes));
            }
            case Outcome.KeyGenerated generated ->
                map.put(1, KEY_GENERATED).put(3, generated.key().id().bytes());
            case Outcome.Denied denied -> map.put(1, DENIED).put(3, denied.rule());
            case Outcome.Aborted aborted ->
                map.put(1, ABORTED)
                    .put(3, aborted.fault())
                    .put(4, Cbor.list(aborted.culprits().stream().map(Cbor::uint).toList()));
            case Outcome.PairRekeyed rekeyed ->
                map.put(1, PAIR_REKEYED)
                    .put(3, rekeyed.keyId().bytes())
                    .put(4, Cbor.list(rekeyed.parties().stream().map(Cbor::uint).toList()))
                    .put(5, rekeyed.generation());
            case Outcome.Presigned presigned ->
                map.put(1, PRESIGNED)
                    .put(3, presigned.keyId().bytes())
                    .put(4, Cbor.list(presigned.parties().stream().map(Cbor::uint).toList()));
            case Outcome.Lost lost -> map.put(1, LOST).put(3, lost.reason());
          }
        }));
  }

  private static Cbor signature(Outcome.Signature signature) {
    var fields =
        new ArrayList<>(
            List.of(
                Cbor.uint(signature.input()),
                Cbor.bytes(signature.publicKey()),
                Cbor.bytes(signature.message()),
                Cbor.bytes(signature.signature())));
    signature
        .recovery()
        .ifPresent(recovery -> {
          fields.add(Cbor.uint(recovery.id()));
          recovery.v().ifPresent(v -> fields.add(Cbor.bytes(v.toByteArray())));
        });
    return Cbor.list(fields);
  }

  /**
   * @param keys describes a key that was generated
   * @throws IllegalStateException for bytes that this class did not write: the store is not ours
   */
  static Outcome decode(byte[] bytes, Function<KeyId, Optional<KeyDescription>> keys) {
    return switch (CborDecoder.parse(
        CborProfile.WIRE, bytes, CborLimits.ofBytes(MAX_BYTES), fields -> read(fields, keys))) {
      case Parsed.Valid<Outcome>(Outcome outcome) -> outcome;
      case Parsed.Malformed<Outcome>(String reason) ->
          throw new IllegalStateException("a stored outcome does not decode: " + reason);
    };
  }

  private static Outcome read(CborFields fields, Function<KeyId, Optional<KeyDescription>> keys) {
    int kind = fields.uint32(1, SIGNED, PRESIGNED);
    String requestId = fields.text(2, 1, 64);
    return switch (kind) {
      case SIGNED ->
          new Outcome.Signed(
              requestId,
              KeyId.of(fields.bytes(3, 16)),
              fields.require(Scheme.find(fields.text(4, 1, 64)), 4, "is no scheme"),
              fields.list(
                  5,
                  1,
                  MAX_SIGNATURES,
                  f ->
                      new Outcome.Signature(
                          f.uint32(0, 0, MAX_SIGNATURES),
                          f.bytes(1, 32, 33),
                          f.bytes(2, 1, MAX_MESSAGE),
                          f.bytes(3, 64),
                          recovery(f))),
              fields.optional(6, f -> f.bytes(6, 1, MAX_BYTES)));
      case KEY_GENERATED ->
          new Outcome.KeyGenerated(
              requestId,
              fields.require(keys.apply(KeyId.of(fields.bytes(3, 16))), 3, "is no key of ours"));
      case DENIED -> new Outcome.Denied(requestId, fields.text(3, 1, 64));
      case ABORTED ->
          new Outcome.Aborted(
              requestId,
              fields.text(3, 1, 64),
              fields.uints(4, 0, 64, 1, 65535).stream().map(Long::intValue).toList());
      case PAIR_REKEYED ->
          new Outcome.PairRekeyed(
              requestId,
              KeyId.of(fields.bytes(3, 16)),
              fields.uints(4, 2, 2, 1, 65535).stream().map(Long::intValue).toList(),
              fields.uint(5));
      case PRESIGNED ->
          new Outcome.Presigned(
              requestId,
              KeyId.of(fields.bytes(3, 16)),
              fields.uints(4, 1, 64, 1, 65535).stream().map(Long::intValue).toList());
      default -> new Outcome.Lost(requestId, fields.text(3, 1, 256));
    };
  }

  private static Optional<Outcome.Recovery> recovery(CborFields f) {
    return f.size() > 4
        ? Optional.of(
            new Outcome.Recovery(
                f.uint32(4, 0, 3),
                f.size() > 5 ? Optional.of(new BigInteger(f.bytes(5, 1, 33))) : Optional.empty()))
        : Optional.empty();
  }
}
