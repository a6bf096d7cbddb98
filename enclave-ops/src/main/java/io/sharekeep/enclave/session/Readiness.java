package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.TokenCheck;
import io.sharekeep.enclave.memory.ShareOverdue;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.vault.Kek;
import io.sharekeep.enclave.vault.KekHome;
import io.sharekeep.enclave.vault.KekHome.Role;
import io.sharekeep.enclave.vault.KekUsedUp;
import io.sharekeep.pkcs11.terms.TokenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Shows that this party can sign by doing what signing does: a real seal and open, a real key
 * record, a real signature and a durable write. An answer is kept for a quarter of a second, and
 * never beyond the token's own word that it is lost.
 */
final class Readiness {
  /**
   * A token that silently lost its keys shows only in what is done with them: with one patience on
   * top, readiness drops within two seconds.
   */
  private static final Duration FRESH = Duration.ofMillis(250);

  private static final Duration PATIENCE = Duration.ofMillis(1500);
  private static final long LOW_WATER = 64L << 20;

  private final Desk desk;
  private final SigningThread thread;
  private final Path folder;
  private Instant taken = Instant.EPOCH;
  private List<Check> last = List.of();
  private int turn;

  /**
   * @param thread does the work that needs secret memory
   * @param folder whose disk must have room
   */
  Readiness(Desk desk, SigningThread thread, Path folder) {
    this.desk = desk;
    this.thread = thread;
    this.folder = folder;
  }

  List<Check> checks(Executor platform) {
    // Before the lock: whoever asks while another's check hangs in the token hears of it at once.
    return TokenCheck.lost("hsm", desk.core().state())
        .filter(_ -> !desk.onFallback())
        .map(List::of)
        .orElseGet(() -> work(platform));
  }

  private synchronized List<Check> work(Executor platform) {
    var now = desk.clock().instant();
    // A clock that was set back makes nothing fresh.
    if (!now.isBefore(taken)
        && now.isBefore(taken.plus(FRESH))
        && last.stream().allMatch(Check::passed)) {
      return last;
    }
    var checks = new ArrayList<Check>();
    var hsm = hsm();
    checks.add(hsm);
    if (hsm.passed()) {
      // A token that hangs would make each of these wait as long again.
      checks.add(keys());
      boolean core = desk.core().isFit();
      checks.add(core ? timed("identity", platform, this::identity) : identityWithoutCore());
      checks.add(core ? timed("log", platform, this::log) : logWithoutCore());
    }
    desk.fallback().ifPresent(home -> checks.add(fallback(home)));
    var clock = new AtomicReference<>(new Check("clock", false, "the store says no time"));
    checks.add(timed("store", platform, () -> store(now, clock)));
    checks.add(clock.get());
    checks.add(disk());
    checks.add(
        new Check(
            "policy",
            true,
            "policy "
                + desk.books().policy().id()
                + " version "
                + desk.books().policy().version()));
    last = List.copyOf(checks);
    taken = now;
    return last;
  }

  private Check hsm() {
    var keks = desk.vault().keks();
    return onThread(
        "hsm",
        bench -> {
          var lost = TokenCheck.lost("hsm", desk.core().state());
          var core = keks.current(Role.CORE);
          if (core.isPresent() && lost.isEmpty()) {
            try {
              return probe(bench, core.get(), "");
            } catch (TokenException e) {
              if (!KekHome.isLost(e) || keks.current(Role.FALLBACK).isEmpty()) {
                throw e;
              }
            }
          }
          return probe(
              bench,
              keks.current(Role.FALLBACK).orElseThrow(),
              "the fallback token, since the core token is "
                  + lost.map(Check::detail).orElse("lost")
                  + ": ");
        });
  }

  private Check probe(Workbench bench, Kek kek, String by) {
    try (var lease = bench.lease()) {
      return desk.vault().probe(kek, lease, bench.random())
          ? new Check("hsm", true, by + "sealed and opened 32 bytes" + wear(kek))
          : new Check("hsm", false, by + "what the HSM opened is not what it sealed");
    }
  }

  private static String wear(Kek kek) {
    return kek.seals().isHigh()
        ? "; its kek has sealed "
            + kek.seals().counted()
            + " times of 2^31: sharekeep hsm reseal --new-kek "
            + kek.home().role().label()
        : "";
  }

  /** It says, and fails nothing: without it this party can sign. */
  private static Check fallback(KekHome home) {
    return new Check(
        "fallback",
        true,
        TokenCheck.lost("fallback", home.state())
            .map(lost -> "there is no fail-over: " + lost.detail())
            .orElse("the fallback token is logged in and answers"));
  }

  private Check identityWithoutCore() {
    var until = desk.envelopeKeys().usableUntil();
    boolean lasts = until.filter(desk.clock().instant()::isBefore).isPresent();
    return new Check(
        "identity",
        lasts,
        lasts
            ? "the core token is lost; sessions begin without it until " + until.orElseThrow()
            : "the core token must come back to certify a new envelope key");
  }

  private Check logWithoutCore() {
    long signed = desk.log().lastCheckpoint().map(note -> note.checkpoint().size()).orElse(0L);
    return new Check(
        "log",
        signed > 0,
        "a head of "
            + signed
            + " entries is signed; the core token must come back to sign the "
            + (desk.log().size() - signed)
            + " since then");
  }

  private Check keys() {
    var usable = desk.keys().all().stream().filter(key -> key.stage() == Stage.USABLE).toList();
    if (usable.isEmpty()) {
      return new Check("keys", true, "no usable key yet; key generation may be asked for");
    }
    var key = usable.get(Math.floorMod(turn++, usable.size()));
    return onThread(
        "keys",
        bench -> {
          try (var lease = bench.lease();
              var _ = desk.vault().open(key.record(), lease, desk.group(key))) {
            return new Check("keys", true, "opened key " + key.id() + " and recomputed its share");
          }
        });
  }

  private Check onThread(String name, Function<Workbench, Check> work) {
    try {
      return thread
          .call(PATIENCE, work)
          .orElseGet(() ->
              new Check(
                  name, false, "no answer within " + PATIENCE.toMillis() + " ms; see the HSM"));
    } catch (TokenException | KekUsedUp | ShareOverdue e) {
      return new Check(name, false, String.valueOf(e.getMessage()));
    }
  }

  private Check identity() {
    byte[] signature = desk.identity().apply("SHAREKEEP-V1/probe\0readiness".getBytes(US_ASCII));
    return new Check("identity", signature.length == 64, "signed a probe");
  }

  /** Where the clock is no guide, decisions of typed rules are put off: that is not ready. */
  private Check store(Instant now, AtomicReference<Check> clock) {
    var wrong =
        desk.store()
            .commit(tx -> {
              Meta.put(tx, "readiness", ByteBuffer.allocate(8).putLong(now.toEpochMilli()).array());
              return desk.books().judge().behind(tx, now);
            });
    clock.set(
        wrong
            .or(desk.clock()::jumped)
            .map(why -> new Check("clock", false, why))
            .orElseGet(() -> new Check("clock", true, "where it should be")));
    return new Check("store", true, "wrote and synced");
  }

  private Check log() {
    long size = desk.log().checkpoint().checkpoint().size();
    return new Check("log", true, "head of " + size + " entries is signed");
  }

  private Check disk() {
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      return new Check(
          "disk",
          free >= LOW_WATER,
          free / (1 << 20) + " MiB free" + (free >= LOW_WATER ? "" : "; make room"));
    } catch (IOException e) {
      return new Check("disk", false, "the state folder's disk does not answer");
    }
  }

  private static Check timed(String name, Executor platform, Supplier<Check> work) {
    var running = CompletableFuture.supplyAsync(work, platform);
    try {
      return running.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Check(name, false, "no answer within " + PATIENCE.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Check(name, false, "interrupted");
    } catch (ExecutionException e) {
      return new Check(
          name,
          false,
          Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("failed"));
    }
  }
}
