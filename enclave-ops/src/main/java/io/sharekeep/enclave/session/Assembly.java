package io.sharekeep.enclave.session;

import io.sharekeep.attestation.evidence.Limit;
import io.sharekeep.attestation.note.LogKey;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.EnclaveStatus;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.StartupException;
import io.sharekeep.enclave.StartupException.Code;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.TokenCheck;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.enclave.audit.AuditLog;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.entropy.DeterministicRandom;
import io.sharekeep.enclave.entropy.OsRandom;
import io.sharekeep.enclave.memory.BootSlab;
import io.sharekeep.enclave.memory.CallerId;
import io.sharekeep.enclave.memory.MemlockBudget;
import io.sharekeep.enclave.memory.PoolExhausted;
import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.SecretMemory;
import io.sharekeep.enclave.memory.SecretMemoryUnavailable;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.memory.ShareWatch;
import io.sharekeep.enclave.memory.SizeClass;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.enclave.policy.Presigning;
import io.sharekeep.enclave.store.Boots;
import io.sharekeep.enclave.store.Keks;
import io.sharekeep.enclave.store.Keks.KekRow;
import io.sharekeep.enclave.store.KeyRecords;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.store.OtMarks;
import io.sharekeep.enclave.store.Serials;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.vault.KekHome;
import io.sharekeep.enclave.vault.KekRing;
import io.sharekeep.enclave.vault.KeyRecord;
import io.sharekeep.enclave.vault.PairVault;
import io.sharekeep.enclave.vault.ShareVault;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Builds the core from its configuration: every check of a start, in order, and nothing kept open
 * when one of them stops it.
 */
public final class Assembly {
  /** Envelope keys, two of 64 bytes, and what shares their page. */
  private static final long BOOT_BYTES = 4096;

  /** At so many deaths in OT code a pair needs new keys (protocols, section 4.7). */
  private static final int DEATHS = 8;

  private static final int PLATFORM_THREADS = 3;

  private final EnclaveConfiguration configuration;
  private final SteadyTime clock;
  private final LongSupplier ticker;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private Assembly(EnclaveConfiguration configuration, InstantSource clock, LongSupplier ticker) {
    this.configuration = configuration;
    this.clock = new SteadyTime(clock, ticker);
    this.ticker = ticker;
  }

  /**
   * Starts.
   *
   * @return operational, or failed with the reason when an invariant does not hold
   * @throws StartupException when the host or its configuration does not let it start
   */
  public static Enclave open(EnclaveConfiguration configuration, InstantSource clock) {
    return open(configuration, clock, System::nanoTime);
  }

  /**
   * @param ticker nanoseconds, monotonic: by which sessions are idle and the clock is steady
   */
  static Enclave open(
      EnclaveConfiguration configuration, InstantSource clock, LongSupplier ticker) {
    var assembly = new Assembly(configuration, clock, ticker);
    try {
      return assembly.build();
    } catch (TokenException e) {
      assembly.closeAll();
      throw CoreToken.startup(e);
    } catch (RuntimeException | Error e) {
      assembly.closeAll();
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }

  private void closeAll() {
    opened.forEach(Assembly::closeQuietly);
  }

  /** Where others must still be closed and a failure has nobody to hear of it. */
  static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // See above.
    }
  }

  private Enclave build() {
    var store = keep(Provisioning.open(configuration.stateDirectory()));
    var record =
        store.read(TokenRecord::read).orElseThrow(() -> Provisioning.unprovisioned(configuration));
    var books =
        Provisioning.stored(store, record, clock.instant())
            .orElseThrow(() ->
                new StartupException(
                    Code.DOCUMENTS_MISSING,
                    "this appliance has keys but no committee and policy yet: run sharekeep"
                        + " init again with both documents"));
    var mode = secretMode();
    var primitives = primitives();
    var groups = groups();
    var token = keep(CoreToken.login(configuration.core(), configuration.fallback().isPresent()));
    var keks = store.read(Keks::all);
    var sealed = store.read(KeyRecords::sealed);
    var fallback = configuration.fallback().map(place -> fallback(place, keks, sealed));
    var ground = new Ground(store, record, books, mode, primitives, groups, token, fallback);
    var broken = new ArrayList<>(token.objections(record, keks, sealed));
    var signer = record.key("log");
    return switch (AuditLog.open(
        store,
        configuration.stateDirectory().resolve("log"),
        books.tenant(),
        LogKey.of(Peers.origin(record.publicKey("log")), record.publicKey("log")),
        digest -> token.itself().sign(signer, Digest.of(digest)),
        clock)) {
      case AuditLog.Opened.Verified(AuditLog log) -> {
        store
            .read(from -> Meta.find(from, Core.SHOWN))
            .flatMap(log::refutedBy)
            .ifPresent(why -> broken.add(Core.setBack(why)));
        yield build(ground, log, broken);
      }
      case AuditLog.Opened.Broken(String why) -> {
        broken.add(
            "the audit log does not verify: "
                + why
                + ". The state folder was changed or set back; restore the newest state, or treat"
                + " this party as lost");
        yield failed(ground, String.join("; ", broken));
      }
    };
  }

  /** It need not be there now, but it must be known, and if it is there be the right one. */
  private FallbackToken fallback(TokenPlace place, List<KekRow> keks, Map<String, Long> sealed) {
    if (keks.stream().noneMatch(row -> row.token().equals(KekHome.Role.FALLBACK.label()))) {
      throw new StartupException(
          Code.CONFIGURATION,
          "the fallback token "
              + place.label()
              + " has no kek of this appliance yet: run sharekeep hsm provision --fallback, or"
              + " remove hsm.fallback");
    }
    var fallback =
        keep(
            FallbackToken.open(
                place,
                token -> KekProof.objections(token, KekHome.Role.FALLBACK, keks, sealed),
                clock.instant()));
    if (fallback.state() instanceof TokenState.Failed(String reason)) {
      throw new StartupException(Code.TOKEN_FAULT, reason);
    }
    return fallback;
  }

  /** What a start needs, whatever the log says. */
  private record Ground(
      Store store,
      TokenRecord record,
      Books books,
      SecretMode mode,
      Primitives primitives,
      Groups groups,
      CoreToken token,
      Optional<FallbackToken> fallback) {
    Optional<KekHome> home(KekRow row) {
      return row.token().equals(KekHome.Role.CORE.label())
          ? Optional.of(token)
          : fallback.map(KekHome.class::cast);
    }

    List<String> backends() {
      return groups.choices().stream()
          .map(choice ->
              choice.group()
                  + ": "
                  + choice.backend()
                  + choice.fallback().map(why -> " (" + why + ")").orElse(""))
          .toList();
    }
  }

  private Enclave failed(Ground ground, String reason) {
    return new FailedCore(
        new EnclaveStatus(
            State.FAILED,
            clock.instant(),
            Optional.of(reason),
            ground.books().self().value(),
            ground.mode().label(),
            ground.token().backend(),
            ground.backends(),
            TrustLimits.with(TrustLimits.of(ground.mode(), ground.token()), ground.books().policy())
                .stream()
                .map(Limit::label)
                .toList(),
            SignatureKeys.pin(ground.record().publicKey("identity")),
            TokenCheck.lost("hsm", ground.token().state()).map(Check::detail),
            0),
        ground.books(),
        List.copyOf(opened).reversed());
  }

  private Enclave build(Ground ground, AuditLog log, List<String> broken) {
    var store = ground.store();
    var record = ground.record();
    var books = ground.books();
    var mode = ground.mode();
    var primitives = ground.primitives();
    var groups = ground.groups();
    var token = ground.token();
    UnaryOperator<byte[]> identity = message -> token.sign(record.key("identity"), message);
    var boot = random(16);
    var bootSlab = keep(bootSlab(mode));
    var serials = new Serials(books.tenant());
    var envelopeKeys =
        new EnvelopeKeys(
            primitives,
            bootSlab,
            books.self(),
            IdentityKey.digestOf(record.publicKey("identity")),
            IdentityKey.digestOf(record.publicKey("log")),
            boot,
            () -> store.commit(tx -> serials.next(tx, "envelope-certificate")),
            identity,
            token::isFit,
            clock);
    var keys = new KeyRing();
    var keks = new KekRing(List.of());
    var pairs = new PairRegister();
    var desk =
        new Desk(
            store,
            books.tenant(),
            log,
            new ShareVault(keks, books.tenant(), store.incarnation()),
            new PairVault(primitives, books.tenant(), store.incarnation()),
            token,
            keys,
            pairs,
            new Stock(keys, pairs, new Presigning(configuration.presignatures()), clock),
            new Lockouts(),
            keep(OtMarks.open(configuration.stateDirectory())),
            new AtomicReference<>(books),
            new Peers(store, books.tenant(), clock),
            envelopeKeys,
            identity,
            groups::of,
            primitives,
            SignatureVerifier.open(),
            new Signing(groups::of),
            new Counters(),
            clock,
            boot);
    for (var row : store.read(Keks::all)) {
      if (row.state() != Keks.State.DESTROYED) {
        ground.home(row).ifPresent(home -> keks.add(Rotation.kek(row, home, desk)));
      }
    }
    load(store, desk, broken);
    var watch = keep(ShareWatch.start(ShareWatch.LIMIT));
    var threads = threads(mode, primitives, token, ground.fallback(), watch, boot);
    var ledgers = new KeyLedgers(desk);
    var engine = new Engine(desk, ledgers, threads, limit());
    if (broken.isEmpty()) {
      start(desk, mode, token.backend());
    }
    var platform =
        Executors.newFixedThreadPool(
            PLATFORM_THREADS, Thread.ofPlatform().name("hsm-", 0).factory());
    return new Core(
        new Core.Running(
            desk,
            engine,
            ledgers,
            new Readiness(desk, threads.getFirst(), configuration.stateDirectory()),
            new Resealing(desk, threads.getLast()),
            watch,
            record,
            token.backend(),
            mode.label(),
            ground.backends(),
            TrustLimits.of(mode, token),
            List.copyOf(opened).reversed()),
        platform,
        broken.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", broken)));
  }

  private Duration limit() {
    var most = Duration.ofMinutes(5);
    return configuration.sessionLimit().compareTo(most) > 0 ? most : configuration.sessionLimit();
  }

  private SecretMode secretMode() {
    try {
      var mode =
          (switch (configuration.secretMemory()) {
                case REQUIRE_MEMFD_SECRET -> SecretMemory.REQUIRE_MEMFD_SECRET;
                case ALLOW_MLOCK -> SecretMemory.ALLOW_MLOCK;
              })
              .probe();
      MemlockBudget.of(configuration.signingThreads(), sizes(), BOOT_BYTES).require();
      return mode;
    } catch (SecretMemoryUnavailable e) {
      throw secretMemory(e);
    }
  }

  private PoolSizes sizes() {
    return PoolSizes.largest(configuration.signingThreads(), BOOT_BYTES);
  }

  private static StartupException secretMemory(SecretMemoryUnavailable e) {
    return new StartupException(Code.SECRET_MEMORY, String.valueOf(e.getMessage()), e);
  }

  private static BootSlab bootSlab(SecretMode mode) {
    try {
      return BootSlab.open(mode, BOOT_BYTES);
    } catch (SecretMemoryUnavailable e) {
      throw secretMemory(e);
    }
  }

  private static Primitives primitives() {
    try {
      return Primitives.open();
    } catch (IllegalStateException e) {
      throw new StartupException(
          Code.NATIVE_LIBRARY,
          "libsodium does not load (Debian: apt install libsodium23): " + e.getMessage(),
          e);
    }
  }

  private static Groups groups() {
    try {
      return Groups.open(new OsRandom());
    } catch (IllegalStateException e) {
      throw new StartupException(Code.NATIVE_LIBRARY, String.valueOf(e.getMessage()), e);
    }
  }

  /** A record that does not read is left out and makes the appliance FAILED. */
  private static void load(Store store, Desk desk, List<String> broken) {
    for (var row : store.read(from -> new KeyRecords(desk.tenant()).all(from))) {
      try {
        var record = KeyRecord.of(row);
        desk.keys().put(HeldKey.of(record, desk.groups().apply(record.metadata().group())));
      } catch (IllegalStateException | IllegalArgumentException e) {
        // Safe to go on: what follows is FAILED and uses no key.
        broken.add("the record of key " + row.keyId() + " was altered: " + e.getMessage());
      }
    }
  }

  private List<SigningThread> threads(
      SecretMode mode,
      Primitives primitives,
      CoreToken token,
      Optional<FallbackToken> fallback,
      ShareWatch watch,
      Octets boot) {
    Function<SlabPool, DeterministicRandom> seed =
        pool -> {
          try {
            var memory =
                pool.session(SizeClass.K4, new CallerId("generator"), Duration.ofDays(36500));
            return DeterministicRandom.seed(
                primitives,
                memory,
                bytes -> random(token, fallback, bytes),
                new OsRandom(),
                boot.toArray());
          } catch (PoolExhausted e) {
            throw new IllegalStateException("a fresh pool is exhausted", e);
          }
        };
    var threads = new ArrayList<SigningThread>();
    try {
      for (int i = 0; i < configuration.signingThreads(); i++) {
        threads.add(
            keep(
                SigningThread.start(i, mode, sizes(), ticker, watch, seed, primitives::wipeStack)));
      }
    } catch (SecretMemoryUnavailable e) {
      throw secretMemory(e);
    }
    return threads;
  }

  /** A token's random bytes: the core token's, or while that is lost the fallback's. */
  private static void random(
      CoreToken token, Optional<FallbackToken> fallback, MemorySegment bytes) {
    var second = fallback.filter(KekHome::isFit).flatMap(KekHome::token);
    if (second.isPresent() && !token.isFit()) {
      second.get().random(bytes);
      return;
    }
    try {
      token.itself().random(bytes);
    } catch (TokenException e) {
      if (second.isEmpty() || !KekHome.isLost(e)) {
        throw e;
      }
      second.get().random(bytes);
    }
  }

  private static Octets random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return Octets.of(bytes);
  }

  /** The first entry of this process, and the end of what the last one left open. */
  private void start(Desk desk, SecretMode mode, String backend) {
    var boot = desk.boot().toArray();
    desk.store()
        .commit(tx -> {
          new Boots(desk.tenant()).started(tx, boot, clock.instant());
          desk.log()
              .append(
                  tx, new Entry.Started(desk.boot().toString(), version(), mode.label(), backend));
          Deaths.count(tx, desk, DEATHS);
          Succession.due(desk, tx, clock.instant());
          Sweep.run(tx, desk);
          return boot;
        });
    // Committed: sessions of older processes are lost for good and say so.
    desk.marks().clear();
    desk.store().read(desk.pairRows()::all).forEach(desk.pairs()::put);
    desk.store().read(desk.signerSets()::all).forEach(desk.lockouts()::put);
  }

  private static String version() {
    return Optional.ofNullable(Assembly.class.getModule().getDescriptor())
        .flatMap(java.lang.module.ModuleDescriptor::rawVersion)
        .orElse("development");
  }
}
