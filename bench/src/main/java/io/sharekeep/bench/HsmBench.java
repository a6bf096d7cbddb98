package io.sharekeep.bench;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.softhsm.SoftHsm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * How long SoftHSM takes to open blobs and to sign, through the C functions and through SunPKCS11,
 * one caller and two at once, in one run with the two backends by turns. The last line is JSON.
 */
public final class HsmBench {
  private static final int[] SIZES = {200, 2 * 1024, 64 * 1024};
  private static final int WARM_UP = 300;
  private static final int RUNS = 600;
  private static final int ROUNDS = 3;
  private static final int WARM_ROUNDS = 12;
  private static final Aad AAD = Aad.of(new byte[64]);

  private final Map<String, Double> micros = new LinkedHashMap<>();

  private HsmBench() {}

  /** One end of a comparison. */
  private record Side(String name, Token token, KeyRef kek, KeyRef identity) {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new HsmBench().run();
  }

  private void run() throws IOException, InterruptedException {
    try (var home = SoftHsm.ofThisProcess()) {
      var tokens = home.provision("bench-hsm");
      // A copy for the provider: two owners of one library would end each other's logins.
      var folder = Files.createTempDirectory(home.configuration().resolveSibling("pins"), "sun");
      var copy = Files.copy(tokens.library(), folder.resolve("libsofthsm2.so"));
      var sun = TokenLibrary.at(copy).through(Backend.SUN);
      try (var second = open(sun, tokens.coreLabel(), tokens.corePinFile())) {
        var kek = second.generate(KeySpec.KEK);
        var identity = second.generate(KeySpec.IDENTITY);
        var library = TokenLibrary.at(tokens.library());
        try (var first = open(library, tokens.coreLabel(), tokens.corePinFile())) {
          measure(
              List.of(new Side("", first, kek, identity), new Side("_sun", second, kek, identity)));
        }
      } finally {
        Files.delete(copy);
        Files.delete(folder);
      }
    }
    print();
  }

  private static Token open(TokenLibrary library, String label, Path pin) {
    var token = Tokens.open(TokenConfiguration.of(library, label));
    token.login(new PinFile(pin));
    return token;
  }

  private void measure(List<Side> sides) throws InterruptedException {
    // Else the first row would be measured before the code of all of them is compiled.
    for (int i = 0; i < WARM_ROUNDS; i++) {
      for (var side : sides) {
        median(1, opening(side, SIZES[0]));
      }
    }
    for (int threads = 1; threads <= 2; threads++) {
      var suffix = threads == 1 ? "" : "_2t";
      for (int size : SIZES) {
        compare(name(size) + suffix, sides, threads, side -> opening(side, size));
      }
      compare("sign_p256" + suffix, sides, threads, HsmBench::signing);
    }
  }

  private static String name(int size) {
    return size < 1024 ? "open_" + size + "b" : "open_" + size / 1024 + "kib";
  }

  /** The best median of a few rounds, the sides by turns: others use this machine too. */
  private void compare(String name, List<Side> sides, int threads, Function<Side, Work> work)
      throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      for (var side : sides) {
        double took = median(threads, work.apply(side));
        micros.merge(name + side.name() + "_us", took, Math::min);
      }
    }
  }

  /** Makes what one thread repeats. */
  private interface Work {
    Runnable in(Arena arena);
  }

  private static Work opening(Side side, int size) {
    return arena -> {
      var plain = arena.allocate(size);
      var sealed = arena.allocate(side.token().sealedSize(side.kek(), size));
      MemorySegment out = arena.allocate((long) size + side.token().openSlack(side.kek()));
      side.token().seal(side.kek(), plain, AAD, sealed);
      return () -> side.token().open(side.kek(), sealed, AAD, out);
    };
  }

  private static Work signing(Side side) {
    var digest = Digest.sha256(new byte[32]);
    return _ -> () -> side.token().sign(side.identity(), digest);
  }

  /** Median microseconds of one call, over all threads. */
  private static double median(int threads, Work work) throws InterruptedException {
    var all = new ArrayList<long[]>();
    var ready = new CountDownLatch(threads);
    var running = new ArrayList<Thread>();
    for (int i = 0; i < threads; i++) {
      var took = new long[RUNS];
      all.add(took);
      running.add(
          Thread.ofPlatform()
              .start(() -> {
                try (var arena = Arena.ofConfined()) {
                  var once = work.in(arena);
                  for (int n = 0; n < WARM_UP; n++) {
                    once.run();
                  }
                  ready.countDown();
                  ready.await();
                  for (int n = 0; n < RUNS; n++) {
                    long began = System.nanoTime();
                    once.run();
                    took[n] = System.nanoTime() - began;
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    for (var thread : running) {
      thread.join();
    }
    var sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return sorted[sorted.length / 2] / 1e3;
  }

  private void print() {
    System.out.printf("%-18s %10s %10s %8s%n", "us", "native", "SunPKCS11", "ratio");
    var json = new ArrayList<String>();
    micros.forEach(
        (name, value) -> json.add(String.format(Locale.ROOT, "\"%s\":%.1f", name, value)));
    for (var name : micros.keySet()) {
      if (!name.contains("_sun")) {
        var bare = name.substring(0, name.length() - "_us".length());
        double first = micros.getOrDefault(name, Double.NaN);
        double second = micros.getOrDefault(bare + "_sun_us", Double.NaN);
        System.out.printf(
            Locale.ROOT, "%-18s %10.1f %10.1f %8.2f%n", bare, first, second, second / first);
        json.add(String.format(Locale.ROOT, "\"%s_ratio\":%.2f", bare, second / first));
      }
    }
    System.out.println("{" + String.join(",", json) + "}");
  }
}
