package io.sharekeep.enclave.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.memory.ShareLease;
import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
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
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * Seals shares under the {@code kek} of the core token and opens them for one round. Safe for all
 * signing threads; each opens into its own lease.
 */
public final class ShareVault {
  private static final int SHARE = GroupId.SCALAR_LENGTH;
  private static final int PROBE = 32;

  private final Token core;
  private final KeyRef kek;
  private final SealCount sealCount;
  private final String tenant;
  private final byte[] incarnation;
  private final LongAdder opens = new LongAdder();
  private final LongAdder seals = new LongAdder();
  private final LongAdder probes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder openNanos = new LongAdder();
  private final Residency residency = new Residency();

  /**
   * @param sealCount of that kek
   * @param incarnation of the state folder: a record of another one does not open
   */
  public ShareVault(
      Token core, KeyRef kek, SealCount sealCount, String tenant, byte[] incarnation) {
    this.core = core;
    this.kek = kek;
    this.sealCount = sealCount;
    this.tenant = tenant;
    this.incarnation = incarnation.clone();
  }

  /**
   * Seals the shares of a new key as its first, pending record. The caller stores it before it
   * certifies anything.
   *
   * @param scratch of the calling signing thread
   * @param shares one of each of the metadata's own points; the caller closes them
   * @throws KekUsedUp when the kek has sealed as often as it may
   */
  public KeyRecord seal(
      KeyId id,
      long epoch,
      byte[] session,
      KeyMetadata metadata,
      Scratch scratch,
      SortedMap<EvaluationPoint, Secret> shares,
      Instant created) {
    if (!shares.keySet().equals(metadata.ownPoints())) {
      throw new IllegalArgumentException("the shares are not those of the key's own points");
    }
    int length = SHARE * shares.size();
    try (var slab = scratch.borrow(length);
        var arena = Arena.ofConfined()) {
      long at = 0;
      for (var share : shares.values()) {
        var place = slab.bytes().asSlice(at, SHARE);
        share.lend(bytes -> place.copyFrom(bytes.asSlice(0, SHARE)));
        at += SHARE;
      }
      var out = arena.allocate(core.sealedSize(kek, length));
      sealCount.next();
      int written = core.seal(kek, slab.bytes(), binding(id, epoch, 1, metadata), out);
      seals.increment();
      return new KeyRecord(
          id, epoch, 1, Stage.PENDING, session, metadata, bytes(out, written), created);
    } catch (RuntimeException e) {
      failures.increment();
      throw e;
    }
  }

  /**
   * Opens a record's shares straight into the lease, recomputes s·G of each and compares it with
   * the record.
   *
   * @param group of the record's scheme
   * @throws io.sharekeep.pkcs11.terms.TokenException when the token does not open it: {@code
   *     SealRejected} if the blob, its binding or its key is not what was sealed
   * @throws ShareMismatch when a share is not the one of its public share
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
    long start = System.nanoTime();
    try {
      var opened =
          opened(
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

  private OpenShares opened(KeyRecord record, ShareLease lease, Group group, LongConsumer held) {
    var metadata = record.metadata();
    if (group.id() != metadata.group()) {
      throw new IllegalArgumentException(
          "a key of " + metadata.group() + " is not opened with " + group.id());
    }
    var shares = new TreeMap<EvaluationPoint, Secret>();
    int length = SHARE * metadata.ownPoints().size();
    long began = System.nanoTime();
    try (var slab = lease.borrow((long) length + core.openSlack(kek));
        var arena = Arena.ofConfined()) {
      var sealed = arena.allocateFrom(ValueLayout.JAVA_BYTE, record.sealed());
      var aad = binding(record.id(), record.epoch(), record.version(), metadata);
      if (core.open(kek, sealed, aad, slab.bytes()) != length) {
        throw new ShareMismatch("a sealed record does not hold one share per own point");
      }
      long at = 0;
      for (var point : metadata.ownPoints()) {
        var bytes = slab.bytes().asSlice(at, SHARE);
        shares.put(point, Secret.written(lease, SHARE, place -> place.copyFrom(bytes)));
        check(group, lease, bytes, metadata.publicShare(point));
        at += SHARE;
      }
      return new OpenShares(shares, began, held);
    } catch (RuntimeException | Error e) {
      shares.values().forEach(Secret::close);
      throw e;
    }
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
   * @return false when what came back is not what went in
   * @throws io.sharekeep.pkcs11.terms.TokenException when the token refuses
   */
  public boolean probe(Scratch scratch, Randomness random) {
    try (var plain = scratch.borrow(PROBE);
        var back = scratch.borrow(PROBE + core.openSlack(kek));
        var arena = Arena.ofConfined()) {
      random.fill(plain.bytes());
      var aad = Aad.of("sharekeep/probe/v1".getBytes(UTF_8));
      var out = arena.allocate(core.sealedSize(kek, PROBE));
      sealCount.next();
      int written = core.seal(kek, plain.bytes(), aad, out);
      int length = core.open(kek, out.asSlice(0, written), aad, back.bytes());
      probes.increment();
      return length == PROBE && plain.bytes().mismatch(back.bytes().asSlice(0, PROBE)) == -1;
    }
  }

  /** How often the kek has sealed. */
  public SealCount sealCount() {
    return sealCount;
  }

  /** How the core token was used. */
  public TokenStatistics token() {
    return core.statistics();
  }

  /** What the core token is able to do now. Asks nothing of it. */
  public TokenState tokenState() {
    return core.state();
  }

  public VaultStatistics statistics() {
    return new VaultStatistics(
        opens.sum(),
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
