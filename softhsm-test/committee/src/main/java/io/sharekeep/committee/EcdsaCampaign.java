package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code ./dev campaign ecdsa}: three processes, each over a SoftHSM of its own, make an ECDSA key
 * and sign with it, any two of them at a time, while one of them is killed over and over at moments
 * that chance chooses. No r and no session id may repeat, every signature is valid to other
 * people's code, and in the end every party still has the key sign. The last line is one JSON
 * object.
 *
 * <p>Arguments: signatures (10000), kills (100), seed (1).
 */
final class EcdsaCampaign {
  private static final String SCHEME = "dkls23-secp256k1";
  private static final int IN_FLIGHT = 4;

  /** A party that was killed is up long before. */
  private static final int ATTEMPTS = 500;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of();

  private final Committee committee;
  private final Shape shape;
  private final Key key;
  private final byte[] payload;
  private final int wanted;
  private final AtomicInteger signed = new AtomicInteger();
  private final AtomicInteger unsigned = new AtomicInteger();
  private final AtomicInteger invalid = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private EcdsaCampaign(Committee committee, Shape shape, Key key, byte[] payload, int wanted) {
    this.committee = committee;
    this.shape = shape;
    this.key = key;
    this.payload = payload;
    this.wanted = wanted;
  }

  public static void main(String[] arguments) throws Exception {
    int wanted = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    int kills = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
    var repository = Path.of("").toAbsolutePath();
    var shape = Shape.equal("ecdsa", 2, 3);
    var folder = Files.createTempDirectory("ecdsa");
    boolean good = false;
    try (var committee =
        Committee.asShortLivedProcesses(
            repository.resolve("bin/sharekeep"), folder.resolve("committee"), List.of(shape))) {
      committee.start();
      var key = committee.generate(shape, SCHEME, "ecdsa");
      var payload = new ExampleTransactions(repository.resolve("examples")).payingFrom(key);
      good =
          new EcdsaCampaign(committee, shape, key, payload, wanted)
              .run(kills, new SplittableRandom(seed));
    } finally {
      if (good) {
        try (var files = Files.walk(folder)) {
          for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      } else {
        System.out.println("state and logs stay in " + folder);
      }
    }
    System.exit(good ? 0 : 1);
  }

  private boolean run(int kills, SplittableRandom random) throws Exception {
    int killed = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var lanes = new ArrayList<Future<?>>();
      for (int lane = 0; lane < IN_FLIGHT; lane++) {
        var own = random.split();
        lanes.add(threads.submit(() -> lane(own)));
      }
      // Each kill in its own part of the run, somewhere within it.
      for (int kill = 0; kill < kills && !ended(lanes); kill++) {
        int at = (int) ((kill + random.nextDouble()) * wanted / kills);
        while (signed.get() < at && !ended(lanes)) {
          LockSupport.parkNanos(1_000_000);
        }
        LockSupport.parkNanos(random.nextLong(20_000_000)); // anywhere within a round
        var victim = committee.member(1 + random.nextInt(shape.parties()));
        victim.kill();
        victim.start();
        victim.awaitReady();
        killed++;
      }
      for (var lane : lanes) {
        lane.get();
      }
    }
    int usable = 0;
    for (var member : committee.members()) {
      usable += sign(member) ? 1 : 0;
    }
    committee.members().forEach(Member::stop);
    int twice = sessionsTwice();
    boolean good =
        killed == kills
            && signed.get() >= wanted
            && repeated.get() == 0
            && invalid.get() == 0
            && twice == 0
            && usable == shape.parties();
    System.out.printf(
        "{\"campaign\":\"ecdsa\",\"signatures\":%d,\"kills\":%d,\"unsigned\":%d,\"invalid\":%d,"
            + "\"repeated_r\":%d,\"repeated_session\":%d,\"usable_at\":%d,\"good\":%b}%n",
        signed.get(), killed, unsigned.get(), invalid.get(), repeated.get(), twice, usable, good);
    return good;
  }

  private static boolean ended(List<Future<?>> lanes) {
    return lanes.stream().allMatch(Future::isDone);
  }

  /** One after the other, each through some party; one that nobody signs is another's turn. */
  private Void lane(SplittableRandom random) {
    int inVain = 0;
    while (signed.get() < wanted && inVain < ATTEMPTS) {
      var coordinator = committee.member(1 + random.nextInt(shape.parties()));
      inVain = sign(coordinator) ? 0 : inVain + 1;
    }
    return null;
  }

  /** Whether it was signed, right or wrong. */
  private boolean sign(Member coordinator) {
    var result = committee.trySign(shape, SCHEME, key.id(), payload, coordinator);
    if (result.exit() != 0) {
      unsigned.incrementAndGet();
      return false;
    }
    judge(signature(result.out()));
    int now = signed.incrementAndGet();
    if (now % 1000 == 0) {
      System.out.println(now + " signatures, " + unsigned.get() + " attempts without one");
    }
    return true;
  }

  private static JsonNode signature(String json) {
    try {
      return JSON.readTree(json).path("signatures").path(0);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  private void judge(JsonNode signature) {
    if (!seen.add(signature.path("r").asText())) {
      repeated.incrementAndGet();
    }
    boolean valid =
        IndependentVerifier.of(SCHEME)
            .verifies(
                key.onChain(),
                HEX.parseHex(signature.path("message").asText()),
                HEX.parseHex(signature.path("signature").asText()));
    if (!valid) {
      invalid.incrementAndGet();
    }
  }

  /** Session ids under which parties have signed more than one context, of all parties. */
  private int sessionsTwice() {
    Map<String, String> contexts = new TreeMap<>();
    int twice = 0;
    for (var member : committee.members()) {
      for (var session : Stored.sessions(member.stateFolder()).entrySet()) {
        var other = contexts.putIfAbsent(session.getKey(), session.getValue());
        twice += other == null || other.equals(session.getValue()) ? 0 : 1;
      }
    }
    if (contexts.size() < signed.get()) {
      throw new IllegalStateException(
          contexts.size() + " sessions are stored, and " + signed.get() + " have signed");
    }
    return twice;
  }
}
