package io.sharekeep.appliance.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.appliance.http.OutcomeJson;
import io.sharekeep.appliance.http.StrictJson;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborMap;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PresignRequest;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What travels between a relay and a party, as canonical CBOR (protocols, section 7.5). The
 * envelopes inside are the enclave's own and stay opaque.
 *
 * <pre>
 * request = {1: round, 2: {1: context, 2: signed request as JSON, 3: payload ?,
 *            4: [approval as JSON…] ?, 5: signed request of a second operator ?} ?, 3: [envelope…]}
 * reply   = {1: 1, 2: session id, 3: [{1: to, 2: envelope}…]}       sent
 *         | {1: 2, 2: outcome as JSON}                              finished
 *         | {1: 3, 2: code, 3: detail as UTF-8, 4: {1: party, 2: note} ?}   refused
 * checkpoint = {1: note}
 * said = {2: signed request as JSON, 3: payload ?, 6: statement as JSON}
 * statements = {1: key id, 2: session id, 3: [statement…]}</pre>
 */
public final class StepCodec {
  /** Length of locators and session ids, in bytes. */
  public static final int LOCATOR_BYTES = 32;

  private static final int MAX_ROUND = 64;
  private static final int MAX_ITEMS = 1024;
  private static final int KEY_ID_BYTES = 16;
  private static final int MAX_NOTE = 512;
  private static final int MAX_APPROVALS = 32;

  private final int maxBytes;

  /**
   * @param maxBytes longest message taken
   */
  public StepCodec(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  public byte[] encode(StepRequest request) {
    return encode(
        Cbor.map(map -> {
          map.put(1, request.round());
          request
              .opening()
              .ifPresent(opening ->
                  map.put(
                      2,
                      Cbor.map(fields -> {
                        fields.put(1, opening.context());
                        order(fields, opening.order());
                      })));
          map.put(3, byteStrings(request.inbox()));
        }));
  }

  private static void order(CborMap fields, Order order) {
    if (!order.approvals().isEmpty()) {
      fields.put(4, byteStrings(order.approvals()));
    }
    switch (order) {
      case Order.Sign sign ->
          fields.put(2, SignedRequests.toJson(sign.request())).put(3, sign.payload());
      case Order.GenerateKey generate -> fields.put(2, SignedRequests.toJson(generate.request()));
      case Order.RekeyPair rekey ->
          fields
              .put(2, SignedRequests.toJson(rekey.request()))
              .put(5, SignedRequests.toJson(rekey.second()));
      case Order.Presign presign -> fields.put(7, presign.request().canonicalJson());
    }
  }

  public byte[] encode(Said said) {
    return encode(
        Cbor.map(map -> {
          order(map, said.order());
          map.put(6, said.statement());
        }));
  }

  /** Reads what a person has said. */
  public Parsed<Said> said(byte[] bytes) {
    return parse(bytes, fields -> new Said(order(fields), fields.bytes(6, 1, maxBytes)));
  }

  /** Reads a request; what does not parse is a value. */
  public Parsed<StepRequest> request(byte[] bytes) {
    return parse(
        bytes,
        fields ->
            new StepRequest(
                fields.uint32(1, 1, MAX_ROUND),
                fields.optional(2, f -> f.nested(2, this::opening)),
                envelopes(fields, 3)));
  }

  public byte[] encode(StepReply reply) {
    return encode(
        switch (reply) {
          case StepReply.Sent sent ->
              Cbor.map(map ->
                  map.put(1, 1)
                      .put(2, sent.sessionId())
                      .put(
                          3,
                          Cbor.list(
                              sent.outbox().stream()
                                  .map(out ->
                                      Cbor.map(m -> m.put(1, out.to()).put(2, out.envelope())))
                                  .toList())));
          case StepReply.Finished finished ->
              Cbor.map(map ->
                  map.put(1, 2)
                      .put(2, OutcomeJson.of(finished.outcome()).toString().getBytes(UTF_8)));
          case StepReply.Refused refused -> Cbor.map(map -> refused(map, refused.refusal()));
        });
  }

  private static void refused(CborMap map, Refusal refusal) {
    map.put(1, 3).put(2, refusal.code().label()).put(3, refusal.detail().getBytes(UTF_8));
    refusal
        .remembered()
        .ifPresent(proof ->
            map.put(4, Cbor.map(fields -> fields.put(1, proof.party()).put(2, proof.note()))));
  }

  /** Reads a reply. */
  public Parsed<StepReply> reply(byte[] bytes) {
    return parse(
        bytes,
        fields ->
            switch (fields.uint32(1, 1, 3)) {
              case 1 ->
                  new StepReply.Sent(
                      fields.bytes(2, LOCATOR_BYTES),
                      fields.list(
                          3,
                          0,
                          MAX_ITEMS,
                          f ->
                              new StepReply.Outbound(
                                  f.uint32(1, 0, 65535), f.bytes(2, 1, maxBytes))));
              case 2 -> new StepReply.Finished(fields.require(outcome(fields), 2, "is no outcome"));
              default ->
                  new StepReply.Refused(
                      new Refusal(
                          fields.require(code(fields.text(2, 1, 64)), 2, "is no known code"),
                          new String(fields.bytes(3, 0, 4096), UTF_8),
                          fields.optional(
                              4,
                              f ->
                                  f.nested(
                                      4,
                                      proof ->
                                          new Refusal.Remembered(
                                              proof.uint32(1, 1, 65535),
                                              proof.bytes(2, 1, MAX_NOTE))))));
            });
  }

  /** Writes what is remembered of a party's log. */
  public byte[] encode(byte[] note) {
    return encode(Cbor.map(map -> map.put(1, note)));
  }

  /** Reads it. */
  public Parsed<byte[]> note(byte[] bytes) {
    return parse(bytes, fields -> fields.bytes(1, 1, MAX_NOTE));
  }

  public byte[] encode(KeyStatements statements) {
    return encode(
        Cbor.map(map ->
            map.put(1, statements.key().bytes())
                .put(2, statements.sessionId())
                .put(3, byteStrings(statements.statements()))));
  }

  /** Reads statements. */
  public Parsed<KeyStatements> statements(byte[] bytes) {
    return parse(
        bytes,
        fields ->
            new KeyStatements(
                KeyId.of(fields.bytes(1, KEY_ID_BYTES)),
                fields.bytes(2, LOCATOR_BYTES),
                envelopes(fields, 3)));
  }

  private StepRequest.Opening opening(CborFields fields) {
    return new StepRequest.Opening(fields.bytes(1, 1, maxBytes), order(fields));
  }

  private Order order(CborFields fields) {
    var presign = fields.optional(7, f -> f.bytes(7, 1, SignedRequests.MAX_BYTES));
    if (presign.isPresent()) {
      return new Order.Presign(
          fields.require(PresignRequest.parse(presign.get()), 7, "is no order for a presignature"));
    }
    byte[] json = fields.bytes(2, 1, SignedRequests.MAX_BYTES);
    var order =
        switch (SignedRequests.parse(json)) {
          case SignedRequests.Parsed.Sign sign ->
              Optional.<Order>of(
                  new Order.Sign(sign.request(), fields.bytes(3, 0, maxBytes), approvals(fields)));
          case SignedRequests.Parsed.GenerateKey generate ->
              Optional.<Order>of(new Order.GenerateKey(generate.request(), approvals(fields)));
          case SignedRequests.Parsed.RekeyPair rekey ->
              SignedRequests.parse(fields.bytes(5, 1, SignedRequests.MAX_BYTES))
                      instanceof SignedRequests.Parsed.RekeyPair(var second)
                  ? Optional.<Order>of(new Order.RekeyPair(rekey.request(), second))
                  : Optional.<Order>empty();
          case SignedRequests.Parsed.Malformed _ -> Optional.<Order>empty();
        };
    return fields.require(order, 2, "is no signed request");
  }

  private List<byte[]> approvals(CborFields fields) {
    return fields.optional(4, f -> f.list(4, 1, MAX_APPROVALS)).orElse(List.of()).stream()
        .map(item -> {
          fields.require(item instanceof Cbor.Bytes, 4, "holds something but byte strings");
          return ((Cbor.Bytes) item).value();
        })
        .toList();
  }

  private List<byte[]> envelopes(CborFields fields, long key) {
    return fields.list(key, 0, MAX_ITEMS).stream()
        .map(item -> {
          fields.require(item instanceof Cbor.Bytes, key, "holds something but byte strings");
          return ((Cbor.Bytes) item).value();
        })
        .toList();
  }

  private static Optional<Outcome> outcome(CborFields fields) {
    try {
      return Optional.of(OutcomeJson.read(fields.bytes(2, 2, Integer.MAX_VALUE)));
    } catch (StrictJson.Malformed e) {
      return Optional.empty();
    }
  }

  private static Optional<Refusal.Code> code(String label) {
    return Arrays.stream(Refusal.Code.values()).filter(c -> c.label().equals(label)).findFirst();
  }

  private static Cbor byteStrings(List<byte[]> items) {
    return Cbor.list(items.stream().map(Cbor::bytes).toList());
  }

  private static byte[] encode(Cbor item) {
    return CborEncoder.encode(CborProfile.WIRE, item);
  }

  private <T> Parsed<T> parse(byte[] bytes, java.util.function.Function<CborFields, T> schema) {
    return CborDecoder.parse(CborProfile.WIRE, bytes, new CborLimits(maxBytes, MAX_ITEMS), schema);
  }
}
