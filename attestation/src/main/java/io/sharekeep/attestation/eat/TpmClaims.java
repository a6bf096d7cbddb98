package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Submodule {@code tpm}. Everything in it is the TPM's word, signed by its attestation key and
 * bound to the other claims.
 *
 * @param pcrs values of bank sha256 by register, 32 bytes each
 * @param key SubjectPublicKeyInfo of the TPM's attestation key
 * @param keyChain its certificate first, by the appliance's authority, DER
 * @param endorsementChain certificate of the endorsement key first, by the TPM's maker, DER
 * @param eventLog SHA-384 of the boot event log, which travels in the bundle
 * @param counter the rollback counter, where there is one
 */
public record TpmClaims(
    DebugStatus debug,
    Octets quote,
    Octets quoteSignature,
    SortedMap<Integer, Octets> pcrs,
    Octets key,
    List<Octets> keyChain,
    List<Octets> endorsementChain,
    Optional<Octets> eventLog,
    Optional<Counter> counter,
    Optional<Ima> ima) {
  public TpmClaims {
    pcrs = Collections.unmodifiableSortedMap(new TreeMap<>(pcrs));
    keyChain = List.copyOf(keyChain);
    endorsementChain = List.copyOf(endorsementChain);
  }

  /**
   * @param certify what NV_Certify gave
   * @param index handle of the counter
   */
  public record Counter(Octets certify, Octets signature, long index) {}

  /**
   * @param sha384 of the kernel's measurement list
   * @param count its entries
   */
  public record Ima(Octets sha384, long count) {}

  Cbor toCbor() {
    return Cbor.map(m -> {
      m.put(Labels.DEBUG, debug.value())
          .put(Labels.TPM_QUOTE, quote.value())
          .put(Labels.TPM_QUOTE_SIGNATURE, quoteSignature.value());
      m.put(
          Labels.TPM_PCRS,
          Named.map(n ->
              n.put(
                  "sha256",
                  Cbor.map(
                      p -> pcrs.forEach((register, value) -> p.put(register, value.value()))))));
      m.put(
          Labels.TPM_KEY,
          Cbor.list(
              Named.bytes(key),
              Named.list(keyChain, Named::bytes),
              Named.list(endorsementChain, Named::bytes)));
      eventLog.ifPresent(digest -> m.put(Labels.TPM_EVENT_LOG, digest.value()));
      counter.ifPresent(c ->
          m.put(Labels.TPM_NV, c.certify().value())
              .put(Labels.TPM_NV_SIGNATURE, c.signature().value())
              .put(Labels.TPM_NV_INDEX, c.index()));
      ima.ifPresent(
          i -> m.put(Labels.TPM_IMA, Cbor.list(Named.bytes(i.sha384()), Cbor.uint(i.count()))));
    });
  }

  static TpmClaims read(CborFields f) {
    return new TpmClaims(
        Claims.debug(f),
        new Octets(f.bytes(Labels.TPM_QUOTE, 1, 4096)),
        new Octets(f.bytes(Labels.TPM_QUOTE_SIGNATURE, 64)),
        Claims.named(f, Labels.TPM_PCRS, n -> registers(n.at("sha256"), n.item("sha256"))),
        f.nested(Labels.TPM_KEY, k -> key(k, 0)),
        f.nested(Labels.TPM_KEY, k -> chain(k, 1)),
        f.nested(Labels.TPM_KEY, k -> chain(k, 2)),
        f.optional(Labels.TPM_EVENT_LOG, g -> new Octets(g.bytes(Labels.TPM_EVENT_LOG, 48))),
        f.optional(
            Labels.TPM_NV,
            g ->
                new Counter(
                    new Octets(g.bytes(Labels.TPM_NV, 1, 4096)),
                    new Octets(g.bytes(Labels.TPM_NV_SIGNATURE, 64)),
                    g.uint(Labels.TPM_NV_INDEX, 0, 0xffff_ffffL))),
        f.optional(
            Labels.TPM_IMA,
            g -> g.nested(Labels.TPM_IMA, i -> new Ima(new Octets(i.bytes(0, 48)), i.uint(1)))));
  }

  /** The three parts are read apart, each of which must ask for all. */
  private static Octets key(CborFields k, int part) {
    askForAll(k);
    return new Octets(k.bytes(part, 1, 512));
  }

  private static List<Octets> chain(CborFields k, int part) {
    askForAll(k);
    return k.list(part, 0, 8).stream()
        .map(item -> NamedFields.asOctets("tpm chain", item, 1, 8192))
        .toList();
  }

  private static void askForAll(CborFields k) {
    k.item(0);
    k.item(1);
    k.item(2);
  }

  private static SortedMap<Integer, Octets> registers(String path, Cbor item) {
    var values = new TreeMap<Integer, Octets>();
    if (item instanceof Cbor.Mapping(var entries)) {
      entries.forEach((register, value) ->
          values.put(
              (int) NamedFields.asInteger(path, Cbor.integer(register), 0, 23),
              NamedFields.asOctets(path, value, 32, 32)));
    }
    return values;
  }
}
