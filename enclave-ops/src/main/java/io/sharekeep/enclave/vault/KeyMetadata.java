package io.sharekeep.enclave.vault;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.GroupId;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The public part of a key record, the same in all its stages. It is bound into the seal of the
 * shares, so that not a byte of it can be exchanged beside them.
 *
 * @param label for people
 * @param committee hash of the committee document, 32 bytes
 * @param owners every evaluation point of the key and the party that owns it
 * @param ownPoints those whose shares are sealed here, ascending
 * @param publicKey encoded element: internal and untweaked
 * @param publicShares encoded element Y_x of every point
 * @param chainCode 32 bytes
 * @param coefficientsDigest 32 bytes: over all dealers' commitments, part of what is certified
 */
public record KeyMetadata(
    Scheme scheme,
    String label,
    SortedSet<String> purposes,
    byte[] committee,
    int threshold,
    SortedMap<EvaluationPoint, PartyId> owners,
    SortedSet<EvaluationPoint> ownPoints,
    byte[] publicKey,
    SortedMap<EvaluationPoint, byte[]> publicShares,
    byte[] chainCode,
    byte[] coefficientsDigest) {
  private static final int VERSION = 1;
  private static final int MAX_POINTS = 4096;
  private static final int MAX_BYTES = 1 << 19;

  public KeyMetadata {
    purposes = Collections.unmodifiableSortedSet(new TreeSet<>(purposes));
    owners = Collections.unmodifiableSortedMap(new TreeMap<>(owners));
    ownPoints = Collections.unmodifiableSortedSet(new TreeSet<>(ownPoints));
    publicShares = Collections.unmodifiableSortedMap(new TreeMap<>(publicShares));
    if (!publicShares.keySet().equals(owners.keySet())
        || !owners.keySet().containsAll(ownPoints)
        || ownPoints.isEmpty()
        || threshold < 2
        || threshold > owners.size()
        || committee.length != 32
        || chainCode.length != 32
        || coefficientsDigest.length != 32) {
      throw new IllegalArgumentException("inconsistent key metadata");
    }
  }

  /** The group that the scheme works in. */
  public static GroupId groupOf(Scheme scheme) {
    return switch (scheme) {
      case FROST_ED25519 -> GroupId.ED25519;
      case FROST_SECP256K1_TR, DKLS23_SECP256K1 -> GroupId.SECP256K1;
    };
  }

  /** Whether a share has a pair key beside it, under which secrets with each other party lie. */
  public boolean hasPairs() {
    return switch (scheme) {
      case FROST_ED25519, FROST_SECP256K1_TR -> false;
      case DKLS23_SECP256K1 -> true;
    };
  }

  public GroupId group() {
    return groupOf(scheme);
  }

  /** Canonical CBOR. */
  byte[] encoded() {
    return CborEncoder.encode(
        CborProfile.WIRE,
        Cbor.map(m ->
            m.put(1, VERSION)
                .put(2, scheme.label())
                .put(3, label)
                .put(4, Cbor.list(purposes.stream().map(Cbor::text).toList()))
                .put(5, committee)
                .put(6, threshold)
                .put(7, Cbor.list(points()))
                .put(8, Cbor.list(ownPoints.stream().map(p -> Cbor.uint(p.x())).toList()))
                .put(9, publicKey)
                .put(10, chainCode)
                .put(11, coefficientsDigest)));
  }

  private List<Cbor> points() {
    return owners.entrySet().stream()
        .map(e ->
            Cbor.list(
                Cbor.uint(e.getKey().x()),
                Cbor.uint(e.getValue().value()),
                Cbor.bytes(publicShare(e.getKey()))))
        .toList();
  }

  /** Y of one point, encoded. */
  public byte[] publicShare(EvaluationPoint point) {
    byte[] share = publicShares.get(point);
    if (share == null) {
      throw new IllegalArgumentException("no point " + point.x() + " in this key");
    }
    return share.clone();
  }

  /**
   * What {@link #encoded} wrote.
   *
   * @throws IllegalStateException for anything else: the row was altered
   */
  static KeyMetadata decode(byte[] encoded) {
    var parsed =
        CborDecoder.parse(
            CborProfile.WIRE, encoded, CborLimits.ofBytes(MAX_BYTES), KeyMetadata::read);
    return switch (parsed) {
      case Parsed.Valid<KeyMetadata>(var metadata) -> metadata;
      case Parsed.Malformed<KeyMetadata>(var reason) ->
          throw new IllegalStateException("a key record's metadata does not read: " + reason);
    };
  }

  private static KeyMetadata read(CborFields f) {
    f.uint(1, VERSION, VERSION);
    var scheme = scheme(f);
    int length = groupOf(scheme).elementLength();
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    var shares = new TreeMap<EvaluationPoint, byte[]>();
    f.list(
        7,
        2,
        MAX_POINTS,
        p -> {
          var point = new EvaluationPoint(p.uint32(0, 1, 65535));
          owners.put(point, new PartyId(p.uint32(1, 1, 65535)));
          shares.put(point, p.bytes(2, length));
          return point;
        });
    var own = new TreeSet<EvaluationPoint>();
    f.uints(8, 1, MAX_POINTS, 1, 65535).forEach(x -> own.add(new EvaluationPoint(x.intValue())));
    return new KeyMetadata(
        scheme,
        f.text(3, 0, 256),
        purposes(f),
        f.bytes(5, 32),
        f.uint32(6, 2, 65535),
        owners,
        own,
        f.bytes(9, length),
        shares,
        f.bytes(10, 32),
        f.bytes(11, 32));
  }

  private static SortedSet<String> purposes(CborFields f) {
    var purposes = new TreeSet<String>();
    for (var item : f.list(4, 0, 64)) {
      f.require(item instanceof Cbor.Text, 4, "is not a list of text");
      if (item instanceof Cbor.Text(var purpose)) {
        purposes.add(purpose);
      }
    }
    return purposes;
  }

  private static Scheme scheme(CborFields f) {
    String label = f.text(2, 1, 64);
    return f.require(
        Arrays.stream(Scheme.values()).filter(s -> s.label().equals(label)).findFirst(),
        2,
        "is no scheme");
  }

  /** Purposes as an unordered set. */
  public Set<String> purposeSet() {
    return Set.copyOf(purposes);
  }
}
