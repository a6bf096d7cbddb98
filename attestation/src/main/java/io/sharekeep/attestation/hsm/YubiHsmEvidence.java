package io.sharekeep.attestation.hsm;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Decoded;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attestation certificates of a YubiHSM 2: the device's key 0 certifies each asymmetric key with
 * private extensions under 1.3.6.1.4.1.41482.4. It attests no symmetric key and repeats no nonce.
 */
final class YubiHsmEvidence {
  private static final String ARC = "1.3.6.1.4.1.41482.4.";
  private static final int GENERATED = 0x01;
  private static final int EXPORTABLE_UNDER_WRAP = 16;
  private static final int[] SIGN = {5, 6, 7, 8};

  private YubiHsmEvidence() {}

  static Reading verify(HsmEvidence evidence, List<X509Certificate> roots, Instant at) {
    if (!(CborDecoder.decode(CborProfile.EVIDENCE, evidence.raw().value(), CborLimits.REPORT)
            instanceof Decoded.Item(Cbor.Sequence(var items)))
        || items.isEmpty()) {
      return new Reading.Malformed("not a list of attestation certificates");
    }
    var chain = Chains.certificates(evidence.chain());
    if (chain.isEmpty() || chain.get().isEmpty()) {
      return new Reading.Malformed("the device's chain is no list of certificates");
    }
    var keys = new ArrayList<KeyStatement>();
    Optional<String> serial = Optional.empty();
    for (var item : items) {
      var certificate =
          item instanceof Cbor.Bytes der
              ? Chains.certificate(new Octets(der.value()))
              : Optional.<X509Certificate>empty();
      if (certificate.isEmpty()) {
        return new Reading.Malformed("an attestation certificate is none");
      }
      var path = new ArrayList<X509Certificate>();
      path.add(certificate.get());
      path.addAll(chain.get());
      if (Chains.root(path, roots, at).isEmpty()) {
        return new Reading.Untrusted(Chains.fault(path, roots, at));
      }
      var statement = statement(certificate.get());
      var own = integer(certificate.get(), "2");
      if (statement.isEmpty() || own.isEmpty()) {
        return new Reading.Malformed("an attestation certificate lacks the vendor's extensions");
      }
      if (serial.isPresent() && !serial.equals(own)) {
        return new Reading.Untrusted("the certificates are of two devices");
      }
      serial = own;
      keys.add(statement.get());
    }
    return new Reading.Verified(serial, keys, Assurance.VENDOR_SIGNED);
  }

  private static Optional<KeyStatement> statement(X509Certificate certificate) {
    var origin = bits(certificate, "3");
    var capabilities = bits(certificate, "5");
    if (origin.isEmpty() || capabilities.isEmpty()) {
      return Optional.empty();
    }
    boolean exportable = bit(capabilities.get(), EXPORTABLE_UNDER_WRAP);
    boolean signs = false;
    for (int capability : SIGN) {
      signs |= bit(capabilities.get(), capability);
    }
    boolean generated = last(origin.get()) == GENERATED;
    return Optional.of(
        new KeyStatement(
            new Octets(certificate.getPublicKey().getEncoded()),
            Optional.of(exportable),
            Optional.of(!exportable && generated),
            Optional.of(generated),
            signs ? List.of("sign") : List.of()));
  }

  private static Optional<String> integer(X509Certificate certificate, String arc) {
    return extension(certificate, arc).flatMap(der -> Der.read(der, in -> in.integer().toString()));
  }

  /** A bit string, without the count of unused bits in front. */
  private static Optional<byte[]> bits(X509Certificate certificate, String arc) {
    return extension(certificate, arc)
        .flatMap(der -> Der.read(der, in -> in.content(0x03)))
        .filter(bytes -> bytes.length > 1 && bytes.length <= 9)
        .map(bytes -> java.util.Arrays.copyOfRange(bytes, 1, bytes.length));
  }

  private static Optional<byte[]> extension(X509Certificate certificate, String arc) {
    return Optional.ofNullable(certificate.getExtensionValue(ARC + arc))
        .flatMap(octets -> Der.read(octets, in -> in.content(Der.OCTETS)));
  }

  /** Capabilities are a big-endian number of eight bytes. */
  private static boolean bit(byte[] number, int bit) {
    int at = number.length - 1 - bit / 8;
    return at >= 0 && (number[at] >> (bit % 8) & 1) == 1;
  }

  private static int last(byte[] bytes) {
    return bytes[bytes.length - 1] & 0xff;
  }
}
