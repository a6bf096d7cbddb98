package io.sharekeep.threshold.keygen;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.Octets;
import java.util.function.UnaryOperator;

/**
 * A statement and who says it.
 *
 * @param signature of the signer's identity key, 64 bytes
 */
public record SignedStatement(PartyId signer, Statement statement, Octets signature) {
  private static final int MAX_LENGTH = 256;
  private static final int VERSION = 1;
  private static final int CERTIFICATE = 0;
  private static final int ACTIVE = 1;
  private static final int WITHDRAWAL = 2;

  public SignedStatement {
    if (signature.length() != IdentityKey.SIGNATURE_LENGTH) {
      throw new IllegalArgumentException("a signature is 64 bytes");
    }
  }

  /**
   * @param identity signs the bytes it is given, ECDSA P-256 over their SHA-256, and answers r ‖ s
   */
  public static SignedStatement of(
      PartyId signer, Statement statement, UnaryOperator<byte[]> identity) {
    return new SignedStatement(
        signer, statement, Octets.of(identity.apply(statement.toBeSigned())));
  }

  public boolean verifies(IdentityKey identity) {
    return identity.verifies(statement.toBeSigned(), signature.toArray());
  }

  /** Canonical CBOR. */
  public byte[] encoded() {
    return CborEncoder.encode(
        CborProfile.WIRE,
        Cbor.map(map -> {
          map.put(1, VERSION)
              .put(3, statement.session().toArray())
              .put(4, signer.value())
              .put(8, signature.toArray());
          switch (statement) {
            case Statement.Certificate(_, long epoch, Octets certified) ->
                map.put(2, CERTIFICATE).put(5, epoch).put(6, certified.toArray());
            case Statement.Active(_, Octets certified) ->
                map.put(2, ACTIVE).put(6, certified.toArray());
            case Statement.Withdrawal(_, long epoch, boolean had) ->
                map.put(2, WITHDRAWAL).put(5, epoch).put(7, had);
          }
        }));
  }

  /** Checks the form, not the signature. */
  public static Parsed<SignedStatement> decode(byte[] encoding) {
    return CborDecoder.parse(
        CborProfile.WIRE, encoding, CborLimits.ofBytes(MAX_LENGTH), SignedStatement::read);
  }

  private static SignedStatement read(CborFields fields) {
    fields.uint(1, VERSION, VERSION);
    int kind = fields.uint32(2, CERTIFICATE, WITHDRAWAL);
    var session = Octets.of(fields.bytes(3, 32));
    var signer = new PartyId(fields.uint32(4, 1, 65535));
    var statement =
        switch (kind) {
          case CERTIFICATE ->
              new Statement.Certificate(session, fields.uint(5), Octets.of(fields.bytes(6, 32)));
          case ACTIVE -> new Statement.Active(session, Octets.of(fields.bytes(6, 32)));
          default -> new Statement.Withdrawal(session, fields.uint(5), fields.bool(7));
        };
    return new SignedStatement(
        signer, statement, Octets.of(fields.bytes(8, IdentityKey.SIGNATURE_LENGTH)));
  }
}
