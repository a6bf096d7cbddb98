package io.sharekeep.attestation.eat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.attestation.cose.CoseAlgorithm;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.cbor.Cbor;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A report's claims as a JWT, for who reads JSON only. The CBOR form is the report; this one names
 * it and must say the same.
 */
public final class Jwt {
  private static final String HEADER = "{\"alg\":\"ES384\",\"typ\":\"eat+jwt\"}";

  private Jwt() {}

  /**
   * Signs.
   *
   * @param report the envelope of the CBOR form, which the JWT names by SHA-384
   * @param signer as for the report: r ‖ s of 96 bytes
   */
  public static byte[] write(Claims claims, byte[] report, UnaryOperator<byte[]> signer) {
    var signed = base64(HEADER.getBytes(US_ASCII)) + "." + base64(payload(claims, report));
    return (signed + "." + base64(signer.apply(signed.getBytes(US_ASCII)))).getBytes(US_ASCII);
  }

  /** What comes of a JWT that lies beside a report. */
  public enum Verdict {
    SAME,
    OTHER_HEADER,
    OTHER_CLAIMS,
    BAD_SIGNATURE
  }

  /**
   * Holds a JWT against the report that it must be a rendering of. Nothing is taken from it: it is
   * compared with what would have been written.
   */
  public static Verdict verify(byte[] jwt, Claims claims, byte[] report, PublicKey key) {
    var parts = new String(jwt, US_ASCII).split("\\.", -1);
    if (parts.length != 3 || !parts[0].equals(base64(HEADER.getBytes(US_ASCII)))) {
      return Verdict.OTHER_HEADER;
    }
    byte[] signature;
    try {
      signature = Base64.getUrlDecoder().decode(parts[2]);
    } catch (IllegalArgumentException e) {
      return Verdict.BAD_SIGNATURE;
    }
    if (!CoseAlgorithm.ES384.verifies(
        key, (parts[0] + "." + parts[1]).getBytes(US_ASCII), signature)) {
      return Verdict.BAD_SIGNATURE;
    }
    return Arrays.equals(
            parts[1].getBytes(US_ASCII), base64(payload(claims, report)).getBytes(US_ASCII))
        ? Verdict.SAME
        : Verdict.OTHER_CLAIMS;
  }

  /** The JSON form of the claims, canonical. */
  public static byte[] payload(Claims claims, byte[] report) {
    var named = JsonNames.named(ClaimsForm.toCbor(claims));
    var entries = new TreeMap<String, Cbor>(Cbor.NAME_ORDER);
    entries.putAll(((Cbor.Dictionary) named).entries());
    entries.put("sk_cose_sha384", Named.bytes(Octets.sha384(report)));
    return Json.write(new Cbor.Dictionary(entries));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
