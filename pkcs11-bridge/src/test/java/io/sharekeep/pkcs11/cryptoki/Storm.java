package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenState;
import java.lang.foreign.Arena;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Threads that seal, open and sign without a pause while somebody takes away what they stand on.
 * Several tokens are one another's fail-over: a record is sealed to the kek of each.
 */
public final class Storm {
  private static final int THREADS = 6;
  private static final int[] SIZES = {200, 2_000, 40_000, 200_000};
  private static final Aad AAD = Aad.of(new byte[] {1});

  private final List<Member> members = new ArrayList<>();
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final LongAdder operations = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final LongAdder failovers = new LongAdder();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private record Member(Token token, KeyRef kek, KeyRef identity, PublicKey publicKey) {}

  /** Something that goes wrong. */
  public record Injection(String name, Runnable act) {}

  /**
   * What came of it.
   *
   * @param hung threads that did not end within a minute of being told to
   * @param failovers calls that another token served because the one in use was away
   * @param injections how many there were of each kind
   */
  public record Result(
      long operations,
      long failed,
      long wrong,
      long hung,
      long relogins,
      long failovers,
      Map<String, Integer> injections,
      List<String> failures) {
    public int injected() {
      return injections.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /** Over tokens that somebody has logged in to. */
  public Storm(List<Token> tokens) {
    for (var token : tokens) {
      var kek = key(token, KeySpec.KEK);
      var identity = key(token, KeySpec.IDENTITY);
      members.add(new Member(token, kek, identity, token.publicKey(identity).decoded()));
    }
  }

  private static KeyRef key(Token token, KeySpec spec) {
    return token.find(spec.name()).orElseGet(() -> token.generate(spec));
  }

  /** Uses the next of the tokens from now on. */
  public Injection swap() {
    return new Injection("swap", () -> active.updateAndGet(i -> (i + 1) % members.size()));
  }

  /** Blows for so long, with a pause between injections, each drawn by the seed. */
  public Result blow(Duration time, Duration pause, long seed, List<Injection> injections)
      throws InterruptedException {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < THREADS; i++) {
      long own = seed + i;
      threads.add(Thread.ofPlatform().daemon().start(() -> work(new SplittableRandom(own))));
    }
    var random = new SplittableRandom(seed);
    var done = new TreeMap<String, Integer>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end && failures.isEmpty()) {
      Thread.sleep(pause);
      letSomethingHappen();
      var injection = injections.get(random.nextInt(injections.size()));
      injection.act().run();
      done.merge(injection.name(), 1, Integer::sum);
    }
    Thread.sleep(500); // something must go on after the last one
    stop.set(true);
    long hung = 0;
    for (var thread : threads) {
      thread.join(Duration.ofMinutes(1));
      hung += thread.isAlive() ? 1 : 0;
    }
    long relogins =
        members.stream().mapToLong(member -> member.token().statistics().relogins()).sum();
    return new Result(
        operations.sum(),
        failures.size(),
        wrong.sum(),
        hung,
        relogins,
        failovers.sum(),
        done,
        List.copyOf(failures));
  }

  /**
   * On a busy machine a token could be taken away again before anybody has come to use it, for
   * ever: some calls come through in between, unless that takes longer than a call may.
   */
  private void letSomethingHappen() throws InterruptedException {
    long before = operations.sum();
    for (int i = 0; i < 1000 && operations.sum() < before + THREADS; i++) {
      Thread.sleep(10);
    }
  }

  private void work(SplittableRandom random) {
    while (!stop.get()) {
      try {
        once(random);
      } catch (TokenException e) {
        failures.add(e.toString());
      } catch (RuntimeException | Error e) {
        failures.add(e + " at " + List.of(e.getStackTrace()).subList(0, 4));
      }
    }
  }

  private void once(SplittableRandom random) {
    var bytes = new byte[SIZES[random.nextInt(SIZES.length)]];
    random.nextBytes(bytes);
    try (var arena = Arena.ofConfined()) {
      var plain = arena.allocateFrom(JAVA_BYTE, bytes);
      // The record of this round, under the kek of each token, opened by whichever is in use then.
      var sealed =
          members.stream()
              .map(member -> {
                var blob = arena.allocate(member.token().sealedSize(member.kek(), bytes.length));
                member.token().seal(member.kek(), plain, AAD, blob);
                operations.increment();
                return blob;
              })
              .toList();
      for (int i = 0; i < 3; i++) {
        int now = serving();
        var member = members.get(now);
        var out = arena.allocate((long) bytes.length + member.token().openSlack(member.kek()));
        int length = member.token().open(member.kek(), sealed.get(now), AAD, out);
        operations.increment();
        if (!Arrays.equals(bytes, out.asSlice(0, length).toArray(JAVA_BYTE))) {
          wrong.increment();
        }
      }
      var member = members.get(serving());
      var signature = member.token().sign(member.identity(), Digest.sha256(bytes));
      operations.increment();
      if (!verifies(member.publicKey(), bytes, signature)) {
        wrong.increment();
      }
    }
  }

  /** The token in use, or another that is there while that one is away. */
  private int serving() {
    int wanted = active.get();
    for (int i = 0; i < members.size(); i++) {
      int next = (wanted + i) % members.size();
      if (members.get(next).token().state() instanceof TokenState.Ready) {
        if (i > 0) {
          failovers.increment();
        }
        return next;
      }
    }
    return wanted;
  }

  private static boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
