package io.sharekeep.enclave.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.memory.ShareLease;
import io.sharekeep.enclave.store.KeyRecords.SealRow;
import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Secret;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Seals shares under the party's keks and opens them for one round. Safe for all signing threads;
 * each opens into its own lease.
 */
public final class ShareVault {
  private static final int SHARE = GroupId.SCALAR_LENGTH;
  private static final int PAIR_KEY = 32;
  private static final int PROBE = 32;
  private static final int FIRST = 1;

  private final KekRing keks;
  private final String tenant;
  private final byte[] incarnation;
  private final LongAdder opens = new LongAdder();
  private final LongAdder failovers = new LongAdder();
  private final LongAdder seals = new LongAdder();
  private final LongAdder probes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder openNanos = new LongAdder();
  private final Residency residency = new Residency();

  /**
   * @param incarnation of the state folder: a record of another one does not open
   */
  public ShareVault(KekRing keks, String tenant, byte[] incarnation) {
    this.keks = keks;
    this.tenant = tenant;
    this.incarnation = incarnation.clone();
  }

  /**
   * Seals the shares of a new key as its first, pending record: under the newest kek of each token
   * that is there. The caller stores it before it certifies anything.
   *
   * @param scratch of the calling signing thread
   * @param shares one of each of the metadata's own points; the caller closes them
   * @param pairKey 32 bytes, for schemes that {@linkplain KeyMetadata#hasPairs have pairs}
   * @throws KekUsedUp when a kek has sealed as often as it may
   * @throws TokenException when no token seals
   */
  public KeyRecord seal(
      KeyId id,
      long epoch,
      byte[] session,
      KeyMetadata metadata,
      Scratch scratch,
      SortedMap<EvaluationPoint, Secret> shares,
      Optional<Secret> pairKey,
      Instant created) {
    if (!shares.keySet().equals(metadata.ownPoints())
        || pairKey.isPresent() != metadata.hasPairs()) {
      throw new IllegalArgumentException("the shares are not those of the key's own points");
    }
    var made = new ArrayList<SealRow>();
    var lost = new ArrayList<TokenException>();
    for (var kek : fitFirst(keks.current())) {
      if (made.isEmpty() || kek.home().isFit()) {
        try {
          made.add(seal(kek, FIRST, id, epoch, metadata, scratch, shares, pairKey));
        } catch (TokenException e) {
          if (!KekHome.isLost(e)) {
            throw e;
          }
          lost.add(e);
        }
      }
    }
    if (made.isEmpty()) {
      throw lost.getFirst();
    }
    return new KeyRecord(id, epoch, Stage.PENDING, session, metadata, made, created);
  }

  private SealRow seal(
      Kek kek,
      int version,
      KeyId id,
      long epoch,
      KeyMetadata metadata,
      Scratch scratch,
      SortedMap<EvaluationPoint, Secret> shares,
      Optional<Secret> pairKey) {
    int length = length(metadata);
    try (var slab = scratch.borrow(length);
        var arena = Arena.ofConfined()) {
      long at = 0;
      var secrets = new ArrayList<>(shares.values());
      pairKey.ifPresent(secrets::add);
      for (var share : secrets) {
        var place = slab.bytes().asSlice(at, SHARE);
        share.lend(bytes -> place.copyFrom(bytes.asSlice(0, SHARE)));
        at += SHARE;
      }
      var token = kek.token();
      var out = arena.allocate(token.sealedSize(kek.key(), length));
      kek.seals().next();
      int written = token.seal(kek.key(), slab.bytes(), binding(id, epoch, version, metadata), out);
      seals.increment();
      return new SealRow(kek.id(), version, bytes(out, written));
    } catch (RuntimeException e) {
      failures.increment();
      throw e;
    }
  }

  /**
   * Seals a record's shares anew, and opens that before anybody relies on it. Nothing is stored.
   *
   * @param under the kek, under which the record has no seal
   * @param held is told the nanoseconds for which the shares lay open, twice
   * @throws TokenException as {@link #open} and {@link #seal} do
   */
  public SealRow reseal(
      KeyRecord record, Kek under, ShareLease lease, Group group, LongConsumer held) {
    SealRow made;
    try (var shares = open(record, lease, group, held)) {
      made =
          seal(
              under,
              record.nextVersion(),
              record.id(),
              record.epoch(),
              record.metadata(),
              lease,
              shares.shares(),
              shares.pairKeyIfAny());
    }
    var others = record.seals().stream().map(SealRow::kek).collect(Collectors.toSet());
    open(record.resealed(List.of(made), others), lease, group, held).close();
    return made;
  }

  /**
   * Opens a record's shares straight into the lease, recomputes s·G of each and compares it with
   * the record. Of several seals the first is opened whose token is fit; while that one turns out
   * to be lost, the next.
   *
   * @param group of the record's scheme
   * @throws TokenException when no token opens it: {@code SealRejected} if the blob, its binding or
   *     its key is not what was sealed; then no other seal is tried
   * @throws ShareMismatch when a share is not the one of its public share
   * @throws io.sharekeep.enclave.memory.ShareOverdue when the lease was wiped meanwhile
   */
  public OpenShares open(KeyRecord record, ShareLease lease, Group group) {
    return open(record, lease, group, _ -> {});
  }

  /**
   * The same.
   *
   * @param held is told, when the shares are wiped, for how many nanoseconds they lay open
   */
  public OpenShares open(KeyRecord record, ShareLease lease, Group group, LongConsumer held) {
    if (group.id() != record.metadata().group()) {
      throw new IllegalArgumentException(
          "a key of " + record.metadata().group() + " is not opened with " + group.id());
    }
    long start = System.nanoTime();
    try {
      var opened =
          firstThatIsThere(
              record,
              lease,
              group,
              nanos -> {
                residency.held(nanos);
                held.accept(nanos);
              });
      opens.increment();
      return opened;
    } catch (RuntimeException e) {
      failures.increment();
      throw e;
    } finally {
      openNanos.add(System.nanoTime() - start);
    }
  }

  private OpenShares firstThatIsThere(
      KeyRecord record, ShareLease lease, Group group, LongConsumer held) {
    var lost = new ArrayList<TokenException>();
    var able = keks.all().stream().filter(kek -> record.isSealedUnder(kek.id())).toList();
    for (var kek : fitFirst(able)) {
      try {
        var opened = opened(kek, record, lease, group, held);
        if (kek.home().role() == KekHome.Role.FALLBACK) {
          failovers.increment();
        }
        return opened;
      } catch (TokenException e) {
        if (!KekHome.isLost(e)) {
          throw e;
        }
        lost.add(e);
      }
    }
    throw lost.isEmpty() ? new TokenException.SealRejected() : lost.getFirst();
  }

  /** In their order, but those whose token is lost last: they make their callers wait. */
  private static List<Kek> fitFirst(List<Kek> keks) {
    return keks.stream().sorted(Comparator.comparing(kek -> !kek.home().isFit())).toList();
  }

  private OpenShares opened(
      Kek kek, KeyRecord record, ShareLease lease, Group group, LongConsumer held) {
    var metadata = record.metadata();
    var seal =
        record.seals().stream().filter(s -> s.kek().equals(kek.id())).findFirst().orElseThrow();
    var token = kek.token();
    var shares = new TreeMap<EvaluationPoint, Secret>();
    Optional<Secret> pairKey = Optional.empty();
    int length = length(metadata);
    long began = System.nanoTime();
    try (var slab = lease.borrow((long) length + token.openSlack(kek.key()));
        var arena = Arena.ofConfined()) {
      var sealed = arena.allocateFrom(ValueLayout.JAVA_BYTE, seal.sealed());
      var aad = binding(record.id(), record.epoch(), seal.version(), metadata);
      int opened = token.open(kek.key(), sealed, aad, slab.bytes());
      lease.requireInTime();
      if (opened != length) {
        throw new ShareMismatch("a sealed record does not hold what its key needs");
      }
      long at = 0;
      for (var point : metadata.ownPoints()) {
        var bytes = slab.bytes().asSlice(at, SHARE);
        shares.put(point, Secret.written(lease, SHARE, place -> place.copyFrom(bytes)));
        check(group, lease, bytes, metadata.publicShare(point));
        at += SHARE;
      }
      if (metadata.hasPairs()) {
        var bytes = slab.bytes().asSlice(at, PAIR_KEY);
        pairKey = Optional.of(Secret.written(lease, PAIR_KEY, place -> place.copyFrom(bytes)));
      }
      return new OpenShares(shares, pairKey, began, held);
    } catch (RuntimeException | Error e) {
      shares.values().forEach(Secret::close);
      pairKey.ifPresent(Secret::close);
      lease.requireInTime(); // What was wiped does not match, and that says nothing of the record.
      throw e;
    }
  }

  /** One share for each own point, and the pair key behind them. */
  private static int length(KeyMetadata metadata) {
    return SHARE * metadata.ownPoints().size() + (metadata.hasPairs() ? PAIR_KEY : 0);
  }

  private static void check(Group group, Scratch scratch, MemorySegment share, byte[] expected) {
    var secretOps = group.secretOps();
    // Whether a stored share is canonical is no secret of it: of 2^252 only a corrupt one is not.
    if (secretOps.isCanonical(share) != 1) {
      throw new ShareMismatch("an opened share is not a scalar");
    }
    boolean matches =
        secretOps
            .multiplyBase(scratch, share)
            .filter(point -> Arrays.equals(point.encoded(), expected))
            .isPresent();
    if (!matches) {
      throw new ShareMismatch("an opened share does not belong to its recorded public share");
    }
  }

  /**
   * Seals and opens 32 random bytes: what readiness promises.
   *
   * @param kek one that seals
   * @return false when what came back is not what went in
   * @throws TokenException when the token refuses
   */
  public boolean probe(Kek kek, Scratch scratch, Randomness random) {
    var token = kek.token();
    try (var plain = scratch.borrow(PROBE);
        var back = scratch.borrow(PROBE + token.openSlack(kek.key()));
        var arena = Arena.ofConfined()) {
      random.fill(plain.bytes());
      var aad = Aad.of("sharekeep/probe/v1".getBytes(UTF_8));
      var out = arena.allocate(token.sealedSize(kek.key(), PROBE));
      kek.seals().next();
      int written = token.seal(kek.key(), plain.bytes(), aad, out);
      int length = token.open(kek.key(), out.asSlice(0, written), aad, back.bytes());
      probes.increment();
      return length == PROBE && plain.bytes().mismatch(back.bytes().asSlice(0, PROBE)) == -1;
    }
  }

  /** The keks that it works with. */
  public KekRing keks() {
    return keks;
  }

  public VaultStatistics statistics() {
    return new VaultStatistics(
        opens.sum(),
        failovers.sum(),
        seals.sum(),
        probes.sum(),
        failures.sum(),
        openNanos.sum(),
        residency.histogram());
  }

  /** Table, tenant, folder, key, epoch, version and metadata: a seal opens in its own row only. */
  private Aad binding(KeyId id, long epoch, int version, KeyMetadata metadata) {
    return Aad.of(
        CborEncoder.encode(
            CborProfile.WIRE,
            Cbor.list(
                Cbor.text("sharekeep/key-record/v1"),
                Cbor.bytes(tenant.getBytes(UTF_8)),
                Cbor.bytes(incarnation),
                Cbor.bytes(id.bytes()),
                Cbor.uint(epoch),
                Cbor.uint(version),
                Cbor.bytes(sha256(metadata.encoded())))));
  }

  private static byte[] bytes(MemorySegment segment, int length) {
    return segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
