package io.sharekeep.enclave.vault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.entropy.OsRandom;
import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.SecretMemory;
import io.sharekeep.enclave.memory.ShareOverdue;
import io.sharekeep.enclave.memory.ShareWatch;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.enclave.store.KeyRecords;
import io.sharekeep.enclave.store.KeyRecords.SealRow;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.vault.KekHome.Role;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Secret;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@SoftTokens
final class ShareVaultTest {
  private static final KeyId KEY = new KeyId("00112233445566778899aabbccddeeff");
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final byte[] INCARNATION = new byte[16];
  private static final Randomness OS = new OsRandom();
  private static final Groups GROUPS = Groups.open(OS);

  private static Token token;
  private static KeyRef kek;

  @TempDir Path folder;

  private SlabPool pool;
  private Store store;
  private ShareVault vault;

  @BeforeAll
  static void logIn(SoftHsmTokens tokens) {
    token = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()));
    token.login(new PinFile(tokens.corePinFile()));
    kek = token.generate(KeySpec.KEK);
  }

  @AfterAll
  static void logOut() {
    token.close();
  }

  @BeforeEach
  void lendMemory() throws Exception {
    pool = SlabPool.open(SecretMemory.ALLOW_MLOCK.probe(), new PoolSizes(1, 0, 0, 0));
    store = Store.open(folder);
    vault = vault(1000, "t", INCARNATION);
  }

  /** Of a kek that may seal so often. */
  private ShareVault vault(long limit, String tenant, byte[] incarnation) {
    var count = new SealCount(store, tenant, "kek of limit " + limit, limit, limit);
    return new ShareVault(
        new KekRing(List.of(new Kek(new Home(Role.CORE, token), kek, 1, count))),
        tenant,
        incarnation);
  }

  private static boolean probe(ShareVault vault, Scratch scratch) {
    return vault.probe(vault.keks().current(Role.CORE).orElseThrow(), scratch, OS);
  }

  @Test
  void aKekThatIsUsedUpSealsNoMoreButOpens() throws Exception {
    var group = group(Scheme.FROST_ED25519);
    try (var lease = pool.share();
        var dealt = new Dealt(group, Scheme.FROST_ED25519, 3)) {
      var worn = vault(1, "t", INCARNATION);
      var record = dealt.seal(worn);
      assertThrows(KekUsedUp.class, () -> dealt.seal(worn));
      assertThrows(KekUsedUp.class, () -> probe(worn, lease));
      try (var opened = worn.open(record, lease, group)) {
        assertEquals(dealt.shares.keySet(), opened.shares().keySet());
      }
    }
  }

  @AfterEach
  void takeItBack() {
    pool.close();
    store.close();
  }

  @ParameterizedTest
  @EnumSource(Scheme.class)
  void sharesOpenAsTheyWereSealedAndOnlyInsideTheirLease(Scheme scheme) throws Exception {
    var group = group(scheme);
    try (var lease = pool.share();
        var dealt = new Dealt(group, scheme, 3)) {
      var record = dealt.seal(vault);
      assertEquals(Stage.PENDING, record.stage());
      MemorySegment kept;
      try (var opened = vault.open(record, lease, group)) {
        assertEquals(dealt.shares.keySet(), opened.shares().keySet());
        opened
            .shares()
            .forEach((point, share) ->
                assertArrayEquals(dealt.bytes(point), share.lend(ShareVaultTest::copy)));
        if (scheme == Scheme.DKLS23_SECP256K1) {
          assertArrayEquals(
              dealt.pairKey.orElseThrow().lend(ShareVaultTest::copy),
              opened.pairKey().lend(ShareVaultTest::copy));
        } else {
          assertThrows(IllegalStateException.class, opened::pairKey);
        }
        kept = opened.shares().firstEntry().getValue().lend(bytes -> bytes);
      }
      assertThrows(IllegalStateException.class, () -> kept.get(ValueLayout.JAVA_BYTE, 0));
      assertEquals(PoolSizesOf.SHARE, lease.remaining());
    }
    var statistics = vault.statistics();
    assertEquals(1, statistics.opens());
    assertEquals(1, statistics.seals());
    assertEquals(0, statistics.failures());
    assertTrue(statistics.openNanos() > 0 && statistics.held().totalNanos() > 0);
  }

  static Stream<UnaryOperator<KeyRecord>> exchanges() {
    return Stream.of(
        r -> record(r, new KeyId("ff112233445566778899aabbccddeeff"), 1, 1, r.metadata()),
        r -> record(r, KEY, 2, 1, r.metadata()),
        r -> record(r, KEY, 1, 2, r.metadata()),
        r -> record(r, KEY, 1, 1, threshold(r.metadata(), 3)),
        r -> record(r, KEY, 1, 1, swapped(r.metadata())),
        r -> sealed(r, 60),
        r -> sealed(r, r.seals().getFirst().sealed().length - 1));
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void nothingBesideOrInsideTheSealCanBeExchanged(UnaryOperator<KeyRecord> exchange)
      throws Exception {
    var group = group(Scheme.FROST_ED25519);
    try (var lease = pool.share();
        var dealt = new Dealt(group, Scheme.FROST_ED25519, 2)) {
      var altered = exchange.apply(dealt.seal(vault));
      assertThrows(TokenException.SealRejected.class, () -> vault.open(altered, lease, group));
      assertEquals(PoolSizesOf.SHARE, lease.remaining(), "nothing is left lent");
    }
    assertEquals(1, vault.statistics().failures());
    assertEquals(0, vault.statistics().opens());
  }

  @Test
  void anotherFolderTenantOrKekDoesNotOpenIt() throws Exception {
    var group = group(Scheme.FROST_ED25519);
    try (var lease = pool.share();
        var dealt = new Dealt(group, Scheme.FROST_ED25519, 2)) {
      var record = dealt.seal(vault);
      var incarnation = INCARNATION.clone();
      incarnation[15] = 1;
      for (var other :
          new ShareVault[] {vault(1000, "t", incarnation), vault(1000, "u", INCARNATION)}) {
        assertThrows(TokenException.SealRejected.class, () -> other.open(record, lease, group));
      }
    }
  }

  @Test
  void aShareThatIsNotOfItsPublicShareIsABrokenInvariant() throws Exception {
    var group = group(Scheme.FROST_SECP256K1_TR);
    try (var lease = pool.share();
        var dealt = new Dealt(group, Scheme.FROST_SECP256K1_TR, 2)) {
      // Sealed, by mistake, under metadata in which two public shares are swapped.
      var wrong =
          vault.seal(
              KEY,
              1,
              new byte[32],
              swapped(dealt.metadata),
              lease,
              dealt.shares,
              Optional.empty(),
              NOW);
      assertThrows(ShareMismatch.class, () -> vault.open(wrong, lease, group));
      assertEquals(PoolSizesOf.SHARE, lease.remaining());
      assertThrows(
          IllegalArgumentException.class,
          () -> vault.open(wrong, lease, group(Scheme.FROST_ED25519)));
    }
  }

  @Test
  void aRecordSurvivesTheStore(@TempDir Path folder) throws Exception {
    var group = group(Scheme.FROST_SECP256K1_TR);
    var rows = new KeyRecords("t");
    try (var store = Store.open(folder);
        var lease = pool.share();
        var dealt = new Dealt(group, Scheme.FROST_SECP256K1_TR, 2)) {
      var record = dealt.seal(vault);
      boolean added = store.commit(tx -> rows.add(tx, record.row()));
      assertTrue(added);
      var read = KeyRecord.of(store.read(from -> rows.find(from, KEY, 1)).orElseThrow());
      assertArrayEquals(record.metadata().encoded(), read.metadata().encoded());
      assertEquals("treasury", read.metadata().label());
      vault.open(read, lease, group).close();
      var row = read.row();
      assertThrows(
          IllegalStateException.class,
          () ->
              KeyRecord.of(
                  new KeyRecords.KeyRecordRow(
                      KEY, 1, "BETTER", row.session(), row.metadata(), row.seals(), NOW)));
      assertThrows(
          IllegalStateException.class,
          () ->
              KeyRecord.of(
                  new KeyRecords.KeyRecordRow(
                      KEY, 1, "PENDING", row.session(), new byte[9], row.seals(), NOW)));
    }
  }

  /** A token of which something is different. */
  private static Token with(Token real, String method, Supplier<RuntimeException> lost) {
    return (Token)
        Proxy.newProxyInstance(
            Token.class.getClassLoader(),
            new Class<?>[] {Token.class},
            (_, called, arguments) -> {
              if (called.getName().equals(method)) {
                throw lost.get();
              }
              return called.invoke(real, arguments);
            });
  }

  private ShareVault two(Token core, Token fallback, KeyRef second) {
    return new ShareVault(
        new KekRing(
            List.of(
                new Kek(
                    new Home(Role.FALLBACK, fallback),
                    second,
                    1,
                    new SealCount(store, "t", "two", 1000, 1000)),
                new Kek(
                    new Home(Role.CORE, core),
                    kek,
                    1,
                    new SealCount(store, "t", "one", 1000, 1000)))),
        "t",
        INCARNATION);
  }

  @Test
  void theOtherTokenOpensWhatALostOneDoesNotAndNeverWhatOneHasRefused(SoftHsmTokens given)
      throws Exception {
    var tokens = given.provision("second");
    var group = group(Scheme.FROST_ED25519);
    try (var other = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()))) {
      other.login(new PinFile(tokens.corePinFile()));
      var second = other.generate(KeySpec.KEK);
      var vault = two(token, other, second);
      try (var lease = pool.share();
          var dealt = new Dealt(group, Scheme.FROST_ED25519, 2)) {
        var record = dealt.seal(vault);
        assertEquals(
            List.of(kek.id(), second.id()), record.seals().stream().map(SealRow::kek).toList());
        vault.open(record, lease, group).close();
        assertEquals(0, vault.statistics().failovers());

        for (var lost :
            List.<Supplier<RuntimeException>>of(
                () -> new TokenException.Unavailable("core", "gone"),
                () -> new TokenException.Busy("core"),
                () -> new TokenException.LoggedOut("core"),
                () -> new TokenException.TokenFault("core", "C_Decrypt", 5),
                () -> new TokenException.KeyMissing("core", "kek"))) {
          var without = two(with(token, "open", lost), other, second);
          without.open(record, lease, group).close();
          assertEquals(1, without.statistics().failovers(), lost.get().toString());
        }
        for (var said :
            List.<Supplier<RuntimeException>>of(
                TokenException.SealRejected::new,
                () -> new TokenException.KeyAmbiguous("core", "kek"),
                () -> new TokenException.Unsupported("core", "AES-GCM"))) {
          var refusing = two(with(token, "open", said), other, second);
          assertThrows(said.get().getClass(), () -> refusing.open(record, lease, group));
          assertEquals(0, refusing.statistics().failovers());
        }
        // The forged seal is refused although the other one would open.
        var forged =
            record.resealed(
                List.of(new SealRow(kek.id(), 1, sealed(record, 60).seals().getFirst().sealed())),
                Set.of(kek.id()));
        assertThrows(TokenException.SealRejected.class, () -> vault.open(forged, lease, group));

        // A token that cannot seal now leaves a record with one seal, to be completed later.
        Supplier<RuntimeException> away = () -> new TokenException.Unavailable("fallback", "gone");
        var one = dealt.seal(two(token, with(other, "seal", away), second));
        assertEquals(List.of(kek.id()), one.seals().stream().map(SealRow::kek).toList());
        var sealed =
            vault.reseal(one, vault.keks().find(second.id()).orElseThrow(), lease, group, _ -> {});
        assertEquals(2, sealed.version());
        assertThrows(
            TokenException.Unavailable.class,
            () -> dealt.seal(two(with(token, "seal", away), with(other, "seal", away), second)));
      }
    }
  }

  @Test
  void aShareThatATokenGivesTooLateIsWipedAndNotGiven() throws Exception {
    var group = group(Scheme.FROST_ED25519);
    try (var watch = ShareWatch.start(Duration.ofMillis(200));
        var late =
            SlabPool.open(
                SecretMemory.ALLOW_MLOCK.probe(),
                new PoolSizes(1, 0, 0, 0),
                System::nanoTime,
                watch);
        var dealt = new Dealt(group, Scheme.FROST_ED25519, 2)) {
      var record = dealt.seal(vault);
      var slow =
          new ShareVault(
              new KekRing(
                  List.of(
                      new Kek(
                          new Home(Role.CORE, slow(token)),
                          kek,
                          1,
                          new SealCount(store, "t", "slow", 1000, 1000)))),
              "t",
              INCARNATION);
      var lease = late.share();
      assertThrows(ShareOverdue.class, () -> slow.open(record, lease, group));
      assertThrows(ShareOverdue.class, lease::close);
      assertEquals(1, watch.wipes());
      try (var next = late.share()) {
        vault.open(record, next, group).close();
      }
    }
  }

  /** Opens at once and comes back late, as a call that hangs in the library does. */
  private static Token slow(Token real) {
    return (Token)
        Proxy.newProxyInstance(
            Token.class.getClassLoader(),
            new Class<?>[] {Token.class},
            (_, called, arguments) -> {
              var answer = called.invoke(real, arguments);
              if (called.getName().equals("open")) {
                Thread.sleep(1000);
              }
              return answer;
            });
  }

  @Test
  void aProbeSealsAndOpens() throws Exception {
    try (var lease = pool.share()) {
      assertTrue(probe(vault, lease));
    }
    assertEquals(1, vault.statistics().probes());
  }

  @Test
  void onlyTheOwnPointsSharesAreSealed() throws Exception {
    try (var lease = pool.share();
        var dealt = new Dealt(group(Scheme.FROST_ED25519), Scheme.FROST_ED25519, 2)) {
      var fewer = new TreeMap<>(dealt.shares);
      fewer.pollLastEntry();
      assertThrows(
          IllegalArgumentException.class,
          () ->
              vault.seal(
                  KEY, 1, new byte[32], dealt.metadata, lease, fewer, Optional.empty(), NOW));
    }
  }

  private static Group group(Scheme scheme) {
    return GROUPS.of(KeyMetadata.groupOf(scheme));
  }

  private static byte[] copy(MemorySegment bytes) {
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }

  private static KeyRecord record(
      KeyRecord r, KeyId id, long epoch, int version, KeyMetadata metadata) {
    var seal = new SealRow(kek.id(), version, r.seals().getFirst().sealed());
    return new KeyRecord(id, epoch, r.stage(), r.session(), metadata, List.of(seal), r.created());
  }

  private static KeyRecord sealed(KeyRecord r, int flipped) {
    var sealed = r.seals().getFirst().sealed().clone();
    sealed[flipped] ^= 1;
    return new KeyRecord(
        r.id(),
        r.epoch(),
        r.stage(),
        r.session(),
        r.metadata(),
        List.of(new SealRow(kek.id(), 1, sealed)),
        NOW);
  }

  private static KeyMetadata threshold(KeyMetadata m, int threshold) {
    return with(m, threshold, m.publicShares());
  }

  private static KeyMetadata swapped(KeyMetadata m) {
    var shares = new TreeMap<>(m.publicShares());
    shares.put(new EvaluationPoint(1), m.publicShare(new EvaluationPoint(2)));
    shares.put(new EvaluationPoint(2), m.publicShare(new EvaluationPoint(1)));
    return with(m, m.threshold(), shares);
  }

  private static KeyMetadata with(
      KeyMetadata m, int threshold, SortedMap<EvaluationPoint, byte[]> shares) {
    return new KeyMetadata(
        m.scheme(),
        m.label(),
        m.purposes(),
        m.committee(),
        threshold,
        m.owners(),
        m.ownPoints(),
        m.publicKey(),
        shares,
        m.chainCode(),
        m.coefficientsDigest());
  }

  /** How many bytes a lease has when nothing of it is lent. */
  private static final class PoolSizesOf {
    static final long SHARE = 64 * 1024;
  }

  /** Random shares of points 1..n, all of one party, with the public shares that belong to them. */
  private final class Dealt implements AutoCloseable {
    final SortedMap<EvaluationPoint, Secret> shares = new TreeMap<>();
    final KeyMetadata metadata;
    final Optional<Secret> pairKey;

    Dealt(Group group, Scheme scheme, int n) {
      var owners = new TreeMap<EvaluationPoint, PartyId>();
      var publicShares = new TreeMap<EvaluationPoint, byte[]>();
      var scratch = pool.resident();
      for (int x = 1; x <= n; x++) {
        var point = new EvaluationPoint(x);
        var share =
            Secret.written(scratch, 32, bytes -> group.secretOps().random(OS, scratch, bytes));
        shares.put(point, share);
        owners.put(point, new PartyId(1));
        publicShares.put(
            point,
            share
                .lend(bytes -> group.secretOps().multiplyBase(scratch, bytes))
                .orElseThrow()
                .encoded());
      }
      // Points of others, so that a threshold of three is possible for the metadata.
      for (int x = n + 1; x <= 4; x++) {
        owners.put(new EvaluationPoint(x), new PartyId(x));
        publicShares.put(new EvaluationPoint(x), group.publicOps().generator().encoded());
      }
      metadata =
          new KeyMetadata(
              scheme,
              "treasury",
              new TreeSet<>(List.of("btc.tx", "sol.tx")),
              new byte[32],
              2,
              owners,
              new TreeSet<>(shares.keySet()),
              group.publicOps().generator().encoded(),
              publicShares,
              new byte[32],
              new byte[32]);
      pairKey =
          metadata.hasPairs()
              ? Optional.of(Secret.written(scratch, 32, OS::fill))
              : Optional.empty();
    }

    byte[] bytes(EvaluationPoint point) {
      return Optional.ofNullable(shares.get(point)).orElseThrow().lend(ShareVaultTest::copy);
    }

    KeyRecord seal(ShareVault vault) {
      return vault.seal(KEY, 1, new byte[32], metadata, pool.resident(), shares, pairKey, NOW);
    }

    @Override
    public void close() {
      shares.values().forEach(Secret::close);
      pairKey.ifPresent(Secret::close);
    }
  }
}
