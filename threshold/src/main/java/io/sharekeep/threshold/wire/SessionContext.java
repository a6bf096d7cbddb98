package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a coordinator proposes and every party compares with its own records (protocols.md, section
 * 3.1). Its hash stands for the session until the session id is fixed. Nothing in it is believed: a
 * party takes threshold, points and keys from its own records and refuses a context that differs.
 *
 * <p>Fields 8 and 9 (a new threshold and committee) belong to resharing and are absent here.
 *
 * @param keyId 16 bytes
 * @param epoch the epoch in use; 0 for key generation
 * @param committee ascending by id
 * @param signers who takes part, ascending; the whole committee for key generation
 * @param batch how many messages are signed side by side, 1 for key generation
 * @param path the non-hardened derivation path, empty for the key itself
 * @param requestDigest 32 bytes: what the initiator signed
 * @param policyDigest 32 bytes; if present it must equal the party's own
 * @param deadline in seconds since 1970
 * @param nonce 32 bytes of the coordinator
 * @param committeeDocument 32 bytes: its hash
 * @param newEpoch the epoch that key generation makes; 0 otherwise
 * @param generation of what a pair makes anew, above 0; 0 for every other protocol
 * @param presignatures which ones are used, 32 bytes each, one for each message; none in every
 *     other protocol
 */
public record SessionContext(
    Protocol protocol,
    Suite suite,
    Octets keyId,
    long epoch,
    int threshold,
    List<Member> committee,
    List<PartyId> signers,
    int batch,
    List<Long> path,
    Octets requestDigest,
    Optional<Octets> policyDigest,
    long deadline,
    Octets nonce,
    Octets committeeDocument,
    long newEpoch,
    long generation,
    List<Octets> presignatures) {

  /** Bytes that an encoded context may have. */
  public static final int MAX_LENGTH = 32 * 1024;

  /** How far in the future a deadline of a signing session may lie, in seconds. */
  public static final long MAX_LIFE = 300;

  public static final int MAX_PARTIES = 64;
  public static final int MAX_POINTS = 255;
  public static final int MAX_BATCH = 256;
  public static final int MAX_DEPTH = 8;

  /** How often a pair can make its secrets anew. */
  public static final long MAX_GENERATION = 1_000_000;

  static final int VERSION = 1;

  /**
   * A party as the committee document has it.
   *
   * @param identityKey 32 bytes: its digest
   * @param points ascending
   */
  public record Member(PartyId id, Octets identityKey, List<EvaluationPoint> points) {
    public Member {
      identityKey.sized(32);
      points = List.copyOf(points);
      if (points.isEmpty() || !WireCodec.ascends(points)) {
        throw new IllegalArgumentException("points ascend, at least one");
      }
    }

    private Cbor item() {
      return Cbor.list(
          WireCodec.item(id),
          WireCodec.item(identityKey),
          Cbor.list(points.stream().map(WireCodec::item).toList()));
    }

    private static Member read(CborFields fields) {
      var id = WireCodec.party(fields, 0);
      var identityKey = WireCodec.octets(fields, 1, 32);
      var points =
          fields.uints(2, 1, MAX_POINTS, 1, 65535).stream()
              .map(x -> new EvaluationPoint(x.intValue()))
              .toList();
      fields.require(WireCodec.ascends(points), 2, "does not ascend");
      return new Member(id, identityKey, points);
    }
  }

  /**
   * @throws IllegalArgumentException when a length, an order or a bound is broken
   */
  public SessionContext {
    keyId.sized(16);
    requestDigest.sized(32);
    nonce.sized(32);
    committeeDocument.sized(32);
    policyDigest.ifPresent(digest -> digest.sized(32));
    committee = List.copyOf(committee);
    signers = List.copyOf(signers);
    path = List.copyOf(path);
    presignatures = List.copyOf(presignatures);
    presignatures.forEach(name -> name.sized(32));
    defect(threshold, committee, signers)
        .ifPresent(defect -> {
          throw new IllegalArgumentException("the committee " + defect);
        });
    if (batch < 1
        || batch > MAX_BATCH
        || path.size() > MAX_DEPTH
        || path.stream().anyMatch(step -> step < 0 || step > Integer.MAX_VALUE)
        || epoch < 0
        || newEpoch < 0
        || !fits(protocol, generation)
        || !fits(protocol, batch, presignatures)
        || deadline < 0) {
      throw new IllegalArgumentException("an integer of the context is out of range");
    }
  }

  /** Of every protocol but that in which a pair makes its secrets anew, and use of a stock. */
  public SessionContext(
      Protocol protocol,
      Suite suite,
      Octets keyId,
      long epoch,
      int threshold,
      List<Member> committee,
      List<PartyId> signers,
      int batch,
      List<Long> path,
      Octets requestDigest,
      Optional<Octets> policyDigest,
      long deadline,
      Octets nonce,
      Octets committeeDocument,
      long newEpoch) {
    this(
        protocol,
        suite,
        keyId,
        epoch,
        threshold,
        committee,
        signers,
        batch,
        path,
        requestDigest,
        policyDigest,
        deadline,
        nonce,
        committeeDocument,
        newEpoch,
        0,
        List.of());
  }

  private static boolean fits(Protocol protocol, long generation) {
    return protocol == Protocol.PAIR_REKEY
        ? generation > 0 && generation <= MAX_GENERATION
        : generation == 0;
  }

  private static boolean fits(Protocol protocol, int batch, List<Octets> presignatures) {
    return protocol == Protocol.ECDSA_ONLINE
        ? presignatures.size() == batch && new HashSet<>(presignatures).size() == batch
        : presignatures.isEmpty();
  }

  /** The points of a party, empty when it does not belong to the committee. */
  public List<EvaluationPoint> pointsOf(PartyId party) {
    return committee.stream()
        .filter(member -> member.id().equals(party))
        .findAny()
        .map(Member::points)
        .orElse(List.of());
  }

  /** Canonical CBOR. */
  public byte[] encoded() {
    return WireCodec.encode(
        Cbor.map(map -> {
          map.put(1, VERSION)
              .put(2, protocol.number())
              .put(3, suite.number())
              .put(4, keyId.raw())
              .put(5, epoch)
              .put(6, threshold)
              .put(7, Cbor.list(committee.stream().map(Member::item).toList()))
              .put(10, Cbor.list(signers.stream().map(WireCodec::item).toList()))
              .put(11, batch)
              .put(12, Cbor.list(path.stream().map(Cbor::uint).toList()))
              .put(13, requestDigest.raw())
              .put(15, deadline)
              .put(16, nonce.raw())
              .put(17, generation)
              .put(18, committeeDocument.raw())
              .put(19, newEpoch);
          policyDigest.ifPresent(digest -> map.put(14, digest.raw()));
          if (!presignatures.isEmpty()) {
            map.put(20, Cbor.list(presignatures.stream().map(WireCodec::item).toList()));
          }
        }));
  }

  /**
   * The context of one of several messages that are signed side by side by a protocol that signs
   * one: a session of its own, which no other message's can be taken for.
   *
   * @param index from 0
   */
  public SessionContext lane(int index) {
    if (index < 0 || index >= batch) {
      throw new IllegalArgumentException("lane " + index + " of " + batch);
    }
    return batch == 1
        ? this
        : new SessionContext(
            protocol,
            suite,
            keyId,
            epoch,
            threshold,
            committee,
            signers,
            1,
            path,
            requestDigest,
            policyDigest,
            deadline,
            TaggedHash.of(Tag.CONTEXT_LANE).octets(hash()).integer(index).digest(),
            committeeDocument,
            newEpoch,
            0,
            presignatures.isEmpty() ? List.of() : List.of(presignatures.get(index)));
  }

  /** ctxh: the session's name while its id is not known. */
  public Octets hash() {
    return TaggedHash.of(Tag.CONTEXT).bytes(encoded()).digest();
  }

  public static Parsed<SessionContext> decode(byte[] encoding) {
    return WireCodec.decode(encoding, MAX_LENGTH, SessionContext::read);
  }

  private static SessionContext read(CborFields fields) {
    fields.uint(1, VERSION, VERSION);
    var protocol = fields.require(Protocol.of(fields.uint(2)), 2, "is no protocol in use");
    var suite = fields.require(Suite.of(fields.uint(3)), 3, "is no suite in use");
    var keyId = WireCodec.octets(fields, 4, 16);
    long epoch = fields.uint(5);
    int threshold = fields.uint32(6, 2, MAX_POINTS);
    var committee = fields.list(7, 1, MAX_PARTIES, Member::read);
    var signers =
        fields.uints(10, 1, MAX_PARTIES, 1, 65535).stream()
            .map(id -> new PartyId(id.intValue()))
            .toList();
    int batch = fields.uint32(11, 1, MAX_BATCH);
    var path = fields.uints(12, 0, MAX_DEPTH, 0, Integer.MAX_VALUE);
    var requestDigest = WireCodec.octets(fields, 13, 32);
    var policyDigest = fields.optional(14, f -> WireCodec.octets(f, 14, 32));
    long deadline = fields.uint(15);
    var nonce = WireCodec.octets(fields, 16, 32);
    long generation = fields.uint(17, 0, MAX_GENERATION);
    fields.require(fits(protocol, generation), 17, "is no generation of that protocol");
    var document = WireCodec.octets(fields, 18, 32);
    long newEpoch = fields.uint(19);
    var presignatures =
        fields.optional(20, f -> f.list(20, 1, MAX_BATCH)).orElse(List.of()).stream()
            .map(item -> {
              fields.require(
                  item instanceof Cbor.Bytes(var name) && name.length == 32,
                  20,
                  "holds something but names of 32 bytes");
              return Octets.owned(((Cbor.Bytes) item).value());
            })
            .toList();
    fields.require(fits(protocol, batch, presignatures), 20, "does not fit protocol and batch");
    var defect = defect(threshold, committee, signers);
    fields.require(defect.isEmpty(), 7, defect.orElse(""));
    return new SessionContext(
        protocol,
        suite,
        keyId,
        epoch,
        threshold,
        committee,
        signers,
        batch,
        path,
        requestDigest,
        policyDigest,
        deadline,
        nonce,
        document,
        newEpoch,
        generation,
        presignatures);
  }

  private static Optional<String> defect(
      int threshold, List<Member> committee, List<PartyId> signers) {
    var ids = committee.stream().map(Member::id).toList();
    var points = committee.stream().flatMap(member -> member.points().stream()).toList();
    if (ids.isEmpty() || ids.size() > MAX_PARTIES || !WireCodec.ascends(ids)) {
      return Optional.of("does not list 1 to 64 parties in ascending order");
    }
    if (points.size() > MAX_POINTS || new HashSet<>(points).size() != points.size()) {
      return Optional.of("has more than 255 points, or one of two owners");
    }
    if (signers.isEmpty() || !WireCodec.ascends(signers) || !ids.containsAll(signers)) {
      return Optional.of("does not hold the signers, or they do not ascend");
    }
    if (threshold < 2 || threshold > points.size()) {
      return Optional.of("does not reach the threshold");
    }
    return Optional.empty();
  }
}
