package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Interpolation;
import io.sharekeep.threshold.wire.FrostNonces;
import io.sharekeep.threshold.wire.FrostShares;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SessionId;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.SigningStatement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What the broadcasts of a FROST session show about a party to whoever was not there. The caller
 * has verified every signature.
 */
public final class ShareEvidence {
  private static final int COMMIT = 1;
  private static final int SIGN = 2;

  private final Group group;
  private final SessionContext context;
  private final Map<Integer, ? extends Map<PartyId, SignedEnvelope>> broadcasts;

  /**
   * @param context of a FROST session
   * @param broadcasts by round, then sender
   */
  public ShareEvidence(
      Group group,
      SessionContext context,
      Map<Integer, ? extends Map<PartyId, SignedEnvelope>> broadcasts) {
    this.group = group;
    this.context = context;
    this.broadcasts = Map.copyOf(broadcasts);
  }

  /**
   * Whether a message of that party does not decode, is not of its process, or is not for its own
   * points.
   */
  public boolean isMalformed(PartyId accused) {
    return (sent(COMMIT, accused).isPresent() && nonces(accused).isEmpty())
        || later(accused).map(signed -> shares(accused, signed).isEmpty()).orElse(false);
  }

  /**
   * Whether a share of that party does not verify, if it is true what is stated.
   *
   * @return false also where the statement contradicts itself or the messages
   */
  public boolean isShareWrong(PartyId accused, SigningStatement stated) {
    if (owners().size() < context.threshold()) {
      return false;
    }
    var signers = new Signers(context.threshold(), owners());
    var verificationShares = verificationShares(stated);
    var shares = later(accused).flatMap(signed -> shares(accused, signed));
    var entries = entries();
    if (shares.isEmpty()
        || entries.isEmpty()
        || stated.lanes().size() != context.batch()
        || !List.copyOf(verificationShares.keySet()).equals(signers.points())) {
      return false;
    }
    boolean wrong = false;
    for (int lane = 0; lane < context.batch(); lane++) {
      var signing = signing(stated.lanes().get(lane), lane, entries.get(), signers);
      if (signing.isEmpty() || !belong(signing.get().key(), verificationShares)) {
        return false;
      }
      for (var entry : shares.get().entries()) {
        wrong |=
            entry.lane() == lane
                && !Aggregation.verifies(
                    signing.get(),
                    new SignatureShare(entry.point(), entry.share()),
                    Optional.ofNullable(verificationShares.get(entry.point())).orElseThrow());
      }
    }
    return wrong;
  }

  private Optional<SigningPackage> signing(
      SigningStatement.Lane stated, int lane, List<FrostNonces.Entry> entries, Signers signers) {
    var commitments =
        entries.stream()
            .filter(entry -> entry.lane() == lane)
            .map(entry -> new NonceCommitment(entry.point(), entry.hiding(), entry.binding()))
            .sorted(Comparator.comparing(NonceCommitment::point))
            .toList();
    return suite()
        .flatMap(suite -> SigningKey.of(suite, group, stated))
        .flatMap(key ->
            switch (SigningPackage.of(
                key, signers, stated.message().toArray(), commitments, List.of())) {
              case Step.Advanced<SigningPackage>(var made) -> Optional.of(made);
              case Step.Aborted<SigningPackage> _ -> Optional.empty();
            });
  }

  private Optional<FrostSuite> suite() {
    return switch (context.suite()) {
      case FROST_ED25519 -> Optional.of(FrostSuite.ED25519);
      case FROST_SECP256K1 -> Optional.of(FrostSuite.SECP256K1);
      case FROST_SECP256K1_TR -> Optional.of(FrostSuite.SECP256K1_TAPROOT);
      case DKLS23_SECP256K1 -> Optional.empty();
    };
  }

  /** Σ λ·Y is the key: shares of another key prove nothing. */
  private boolean belong(SigningKey key, Map<EvaluationPoint, Element> verificationShares) {
    var ops = group.publicOps();
    var own = new ArrayList<Element>();
    for (var stored : verificationShares.values()) {
      key.verificationShare(stored).ifPresent(own::add);
    }
    return own.size() == verificationShares.size()
        && ops.linearCombination(
                verificationShares.keySet().stream()
                    .map(
                        point -> Interpolation.coefficient(ops, point, verificationShares.keySet()))
                    .toList(),
                own)
            .equals(Optional.of(key.groupKey()));
  }

  private Map<EvaluationPoint, Element> verificationShares(SigningStatement stated) {
    var decoded = new TreeMap<EvaluationPoint, Element>();
    stated
        .verificationShares()
        .forEach((point, encoded) ->
            group
                .publicOps()
                .decode(encoded.toArray())
                .ifPresent(element -> decoded.put(point, element)));
    return decoded;
  }

  private SortedMap<EvaluationPoint, PartyId> owners() {
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    for (var party : context.signers()) {
      context.pointsOf(party).forEach(point -> owners.put(point, party));
    }
    return owners;
  }

  private Optional<SignedEnvelope> sent(int round, PartyId party) {
    return Optional.ofNullable(broadcasts.get(round))
        .flatMap(senders -> Optional.ofNullable(senders.get(party)));
  }

  /** A share counts for this session only under the id that all the nonces fix. */
  private Optional<SignedEnvelope> later(PartyId party) {
    var session = entries().map(entries -> SessionId.ofFrostSigning(context.hash(), entries));
    return sent(SIGN, party)
        .filter(signed -> session.equals(Optional.of(signed.envelope().session())));
  }

  /** The nonces of all signers; empty unless all are there and right. */
  private Optional<List<FrostNonces.Entry>> entries() {
    var entries = new ArrayList<FrostNonces.Entry>();
    for (var party : context.signers()) {
      var nonces = nonces(party);
      if (nonces.isEmpty()) {
        return Optional.empty();
      }
      entries.addAll(nonces.get().entries());
    }
    return Optional.of(entries);
  }

  private Optional<FrostNonces> nonces(PartyId party) {
    return sent(COMMIT, party)
        .flatMap(signed ->
            FrostNonces.decode(group.id(), group.publicOps(), signed.envelope().payload())
                .valid()
                .filter(nonces ->
                    signed
                        .envelope()
                        .certificate()
                        .map(certificate -> certificate.body().bootId().equals(nonces.bootId()))
                        .orElse(false))
                .filter(nonces ->
                    nonces.entries().stream()
                        .map(entry -> Map.entry(entry.lane(), entry.point()))
                        .toList()
                        .equals(expected(party))));
  }

  private Optional<FrostShares> shares(PartyId party, SignedEnvelope signed) {
    return FrostShares.decode(group.publicOps(), signed.envelope().payload())
        .valid()
        .filter(shares ->
            shares.entries().stream()
                .map(entry -> Map.entry(entry.lane(), entry.point()))
                .toList()
                .equals(expected(party)));
  }

  /** Every point of a party in every lane. */
  private List<Map.Entry<Integer, EvaluationPoint>> expected(PartyId party) {
    return IntStream.range(0, context.batch())
        .boxed()
        .flatMap(lane -> context.pointsOf(party).stream().map(point -> Map.entry(lane, point)))
        .toList();
  }
}
