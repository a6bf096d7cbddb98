package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one party says about others after a session that failed (protocols.md, section 7.6), with
 * the signed messages that show it where messages can.
 *
 * @param context of the session, as the accuser had it
 * @param accuser a signer of the session
 * @param fault what the accused are said to have done
 * @param accused ascending; empty where the evidence does not say who
 * @param evidence signed envelopes, each once
 * @param stated in FROST signing: what the shares were made for
 */
public record BlameReport(
    SessionContext context,
    PartyId accuser,
    Fault fault,
    List<PartyId> accused,
    List<SignedEnvelope> evidence,
    Optional<SigningStatement> stated) {
  /** Bytes of an encoded report. */
  public static final int MAX_LENGTH = 4 * 1024 * 1024;

  private static final int VERSION = 1;
  private static final int MAX_EVIDENCE = 4 * SessionContext.MAX_PARTIES;

  /**
   * @throws IllegalArgumentException when the accused do not ascend, or accuser and accused have no
   *     part in the session
   */
  public BlameReport {
    accused = List.copyOf(accused);
    evidence = List.copyOf(evidence);
    if (!belongs(context, accuser, accused)) {
      throw new IllegalArgumentException("accuser and accused are signers, the accused ascend");
    }
  }

  private static boolean belongs(SessionContext context, PartyId accuser, List<PartyId> accused) {
    return WireCodec.ascends(accused)
        && context.signers().contains(accuser)
        && context.signers().containsAll(accused);
  }

  public Octets encoded() {
    return Octets.owned(
        WireCodec.encode(
            Cbor.map(map -> {
              map.put(1, VERSION)
                  .put(2, context.encoded())
                  .put(3, accuser.value())
                  .put(4, Cbor.text(word(fault)))
                  .put(5, Cbor.list(accused.stream().map(WireCodec::item).toList()))
                  .put(6, Cbor.list(evidence.stream().map(SignedEnvelope::item).toList()));
              stated.ifPresent(statement -> map.put(7, statement.item()));
            })));
  }

  /** Checks nothing but the form. */
  public static Parsed<BlameReport> decode(byte[] encoding) {
    return WireCodec.decode(encoding, MAX_LENGTH, BlameReport::read);
  }

  private static BlameReport read(CborFields fields) {
    fields.uint(1, VERSION, VERSION);
    var context =
        fields.require(
            SessionContext.decode(fields.bytes(2, 1, SessionContext.MAX_LENGTH)).valid(),
            2,
            "is no context of a session");
    var accuser = WireCodec.party(fields, 3);
    var name = fields.text(4, 1, 64);
    var fault =
        fields.require(
            Arrays.stream(Fault.values()).filter(each -> word(each).equals(name)).findFirst(),
            4,
            "is no fault");
    var accused =
        fields.uints(5, 0, SessionContext.MAX_PARTIES, 1, 65535).stream()
            .map(id -> new PartyId(id.intValue()))
            .toList();
    fields.require(belongs(context, accuser, accused), 5, "names who has no part in the session");
    var evidence = fields.list(6, 0, MAX_EVIDENCE, SignedEnvelope::read);
    var stated = fields.optional(7, f -> f.nested(7, SigningStatement::read));
    return new BlameReport(context, accuser, fault, accused, evidence, stated);
  }

  /** As in outcomes and log entries. */
  public static String word(Fault fault) {
    return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
