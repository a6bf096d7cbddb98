package io.sharekeep.attestation.policy;

import io.sharekeep.attestation.cose.CoseHeader;
import io.sharekeep.attestation.cose.CoseSign1;
import io.sharekeep.attestation.cose.PublicKeys;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An appraisal policy as its auditor signed it: COSE_Sign1, ES384, the payload canonical JSON, the
 * signer's key named in the header. Whose key that is, the file cannot say: who appraises pins it.
 *
 * @param signer SubjectPublicKeyInfo of the auditor's key
 * @param sha384 of the file
 */
public record PolicyFile(AppraisalPolicy policy, Octets signer, Octets sha384) {
  /** No policy is longer, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /**
   * Signs a policy.
   *
   * @param json in any spelling; it is signed canonically
   * @param spki of the auditor's P-384 key
   */
  public static Parsed<byte[]> sign(byte[] json, byte[] spki, UnaryOperator<byte[]> signer) {
    return switch (PolicyReader.read(json)) {
      case Parsed.Malformed<AppraisalPolicy>(var reason) -> new Parsed.Malformed<>(reason);
      case Parsed.Valid<AppraisalPolicy> _ ->
          new Parsed.Valid<>(
              CoseSign1.write(
                  CoseHeader.document(CoseHeader.POLICY, spki), canonical(json), signer));
    };
  }

  private static byte[] canonical(byte[] json) {
    return switch (Json.read(json)) {
      case Decoded.Item(var item) -> Json.write(item);
      case Decoded.Malformed(var reason, var _) -> throw new IllegalStateException(reason);
    };
  }

  /** Reads a file and verifies its signature under the key that it names. */
  public static Parsed<PolicyFile> read(byte[] file) {
    return switch (document(file, CoseHeader.POLICY)) {
      case Parsed.Malformed<Document>(var reason) -> new Parsed.Malformed<>(reason);
      case Parsed.Valid<Document>(var document) ->
          switch (PolicyReader.read(document.json())) {
            case Parsed.Malformed<AppraisalPolicy>(var reason) -> new Parsed.Malformed<>(reason);
            case Parsed.Valid<AppraisalPolicy>(var policy) ->
                new Parsed.Valid<>(new PolicyFile(policy, document.signer(), Octets.sha384(file)));
          };
    };
  }

  record Document(byte[] json, Octets signer) {}

  /** A document of the auditor's, its signature verified. */
  static Parsed<Document> document(byte[] file, String type) {
    return switch (CoseSign1.read(file, type, CborLimits.ofBytes(MAX_BYTES))) {
      case Parsed.Malformed<CoseSign1>(var reason) -> new Parsed.Malformed<>(reason);
      case Parsed.Valid<CoseSign1>(var sign1) -> verified(sign1);
    };
  }

  private static Parsed<Document> verified(CoseSign1 sign1) {
    Optional<Octets> signer = sign1.header().keyId();
    boolean holds =
        signer.flatMap(spki -> PublicKeys.ec(spki.value())).filter(sign1::isSignedBy).isPresent();
    if (!holds) {
      return new Parsed.Malformed<>("its signature does not verify");
    }
    return Json.read(sign1.payload()) instanceof Decoded.Item(var item)
            && Arrays.equals(Json.write(item), sign1.payload())
        ? new Parsed.Valid<>(new Document(sign1.payload(), signer.orElseThrow()))
        : new Parsed.Malformed<>("its payload is not canonical JSON");
  }
}
