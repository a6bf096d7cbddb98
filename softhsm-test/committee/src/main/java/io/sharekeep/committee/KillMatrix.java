package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.committee.RoundGate.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Kills one appliance of three in a named round of key generation or of signing, before it has the
 * round's message or after it has answered, or kills the coordinator while the round is out; and
 * says what became of the others, of the key and of the next attempt.
 *
 * <p>The gates stand before parties 2 and 3, party 1 coordinates. A cell throws an {@link
 * AssertionError} where something is not as it must be.
 */
final class KillMatrix implements AutoCloseable {
  /** Rounds that a relay carries: the design's five and the last words of the commit. */
  static final int KEY_GENERATION_ROUNDS = 6;

  static final int SIGNING_ROUNDS = 3;

  private static final String SCHEME = "frost-ed25519";

  /** A round's own time-out is 15 seconds; whoever waits longer waits for nobody. */
  private static final Duration DEADLINE = Duration.ofSeconds(25);

  /** A ceremony that nobody continues is over then. */
  private static final Duration LEFT = Duration.ofSeconds(21);

  private static final Duration REACHED = Duration.ofSeconds(20);
  private static final Duration GLANCE = Duration.ofMillis(20);

  /** Who asks goes round every one to five seconds. */
  private static final Duration AGREED = Duration.ofSeconds(60);

  private static final String USABLE = "usable";
  private static final String ABSENT = "absent";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What is interrupted. */
  enum Work {
    KEY_GENERATION,
    SIGNING
  }

  /** Whose process ends. */
  enum Victim {
    /** Party 1, while the round is at another party. */
    COORDINATOR,
    /** Party 2; of a signing, the one asked beside the coordinator. */
    SECOND,
    /** Party 3; of a signing, the same as the second. */
    THIRD
  }

  /** One cell of the matrix. */
  record Cell(Work work, int round, Moment moment, Victim victim) {}

  /**
   * How a cell ended.
   *
   * @param exit of the command that was interrupted
   * @param millis until it ended
   * @param whole whether the key or the signature came to be all the same
   */
  record Ended(Cell cell, int exit, long millis, boolean whole) {}

  private final Committee committee;
  private final Shape shape;
  private final Key key;
  private final ExampleTransactions examples;
  private final Map<Member, RoundGate> gates = new LinkedHashMap<>();
  private final Map<Member, String> behind = new LinkedHashMap<>();
  private long earlierLeft = System.nanoTime();

  /**
   * Restarts parties 2 and 3 of a running committee behind gates.
   *
   * @param key a usable Ed25519 key of it
   */
  KillMatrix(Committee committee, Shape shape, Key key, ExampleTransactions examples) {
    this.committee = committee;
    this.shape = shape;
    this.key = key;
    this.examples = examples;
    var ports = Ports.free(2);
    try {
      for (var member : List.of(committee.member(2), committee.member(3))) {
        member.stop();
        int port = ports.get(gates.size());
        behind.put(member, "listeners.peer=127.0.0.1:" + port);
        gates.put(member, RoundGate.before(member, port));
        start(member);
      }
      gates.keySet().forEach(Member::awaitReady);
    } catch (RuntimeException | Error e) {
      gates.values().forEach(RoundGate::close);
      throw e;
    }
  }

  private void start(Member member) {
    var setting = Optional.ofNullable(behind.get(member));
    member.startWith(setting.stream().toArray(String[]::new));
  }

  /** Every cell. */
  static List<Cell> all() {
    var cells = new ArrayList<Cell>();
    for (var moment : Moment.values()) {
      for (int round = 1; round <= KEY_GENERATION_ROUNDS; round++) {
        for (var victim : Victim.values()) {
          cells.add(new Cell(Work.KEY_GENERATION, round, moment, victim));
        }
      }
      for (int round = 1; round <= SIGNING_ROUNDS; round++) {
        for (var victim : List.of(Victim.COORDINATOR, Victim.SECOND)) {
          cells.add(new Cell(Work.SIGNING, round, moment, victim));
        }
      }
    }
    return cells;
  }

  /** Runs a cell; afterwards all three are up and ready. */
  Ended run(Cell cell) {
    return switch (cell.work()) {
      case KEY_GENERATION -> keyGeneration(cell);
      case SIGNING -> signing(cell);
    };
  }

  /** A command that was interrupted. */
  private record Interrupted(Sharekeep.Result result, Member victim, long millis) {}

  /** Runs the command until the round, kills, lets the rest go on. */
  private Interrupted interrupt(Cell cell, Supplier<Sharekeep.Result> command) {
    var watched =
        switch (cell.work()) {
          case KEY_GENERATION -> List.of(committee.member(cell.victim() == Victim.THIRD ? 3 : 2));
          case SIGNING -> List.copyOf(gates.keySet());
        };
    watched.forEach(member -> gate(member).hold(cell.round(), cell.moment()));
    var running = CompletableFuture.supplyAsync(command);
    var reached = reached(watched, running);
    var victim = cell.victim() == Victim.COORDINATOR ? committee.member(1) : reached;
    long killed = System.nanoTime();
    victim.kill();
    watched.forEach(member -> gate(member).release());
    var result = running.join();
    long millis = (System.nanoTime() - killed) / 1_000_000;
    check(millis < DEADLINE.toMillis(), cell + ": the caller waited " + millis + " ms");
    clear(cell, result, victim);
    return new Interrupted(result, victim, millis);
  }

  private Member reached(List<Member> watched, CompletableFuture<Sharekeep.Result> running) {
    long end = System.nanoTime() + REACHED.toNanos();
    while (System.nanoTime() < end && !running.isDone()) {
      for (var member : watched) {
        if (gate(member).holds(GLANCE)) {
          return member;
        }
      }
    }
    throw new AssertionError("the round was not reached: " + running.getNow(null));
  }

  private RoundGate gate(Member member) {
    var gate = gates.get(member);
    if (gate == null) {
      throw new IllegalStateException("no gate before " + member.name());
    }
    return gate;
  }

  /** One sentence that says who was lost, and an exit code that says that trying again may help. */
  private static void clear(Cell cell, Sharekeep.Result result, Member victim) {
    if (result.exit() == 0) {
      return;
    }
    var sentence = result.err().strip().lines().reduce("", (_, last) -> last);
    check(result.exit() == 6, cell + ": exit " + result.exit() + " " + result.err());
    check(sentence.startsWith("error: "), cell + ": " + result.err());
    check(!result.err().contains("Exception"), cell + ": " + result.err());
    if (cell.victim() != Victim.COORDINATOR) {
      check(
          sentence.contains("party " + victim.party()),
          cell + ": does not name party " + victim.party() + ": " + sentence);
    }
  }

  private Ended keyGeneration(Cell cell) {
    var id = freshId();
    var ended =
        interrupt(cell, () -> committee.tryGenerate(shape, SCHEME, id, committee.member(1)));
    var alive =
        committee.members().stream().filter(member -> !member.equals(ended.victim())).toList();
    for (var member : alive) {
      onlySignsWhole(cell, id, member, alive);
    }
    start(ended.victim());
    ended.victim().awaitReady();
    var stage = agreement(cell, id);
    check(
        ended.result().exit() != 0 || stage.equals(USABLE),
        cell + ": the caller was told of a key that is " + stage);
    if (stage.equals(USABLE)) {
      check(bundles(id).size() == 1, cell + ": parties hold different certificate bundles");
    }
    signs(cell, next(cell), ended.victim());
    earlierLeft = System.nanoTime() + LEFT.toNanos();
    return new Ended(cell, ended.result().exit(), ended.millis(), stage.equals(USABLE));
  }

  /**
   * Another key. What the interrupted attempt left behind is in nobody's way; only where earlier
   * cells have left something too, the parties say so until the rounds of those are over.
   */
  private Key next(Cell cell) {
    while (true) {
      var id = freshId();
      var made = committee.tryGenerate(shape, SCHEME, id, committee.member(1));
      if (made.exit() == 0) {
        return committee.usable(shape, id);
      }
      check(
          System.nanoTime() < earlierLeft && made.exit() == 6 && made.err().contains("overloaded"),
          cell + ": the next attempt fails: " + made.err());
      pause();
    }
  }

  /** A party that does not hold everybody's word does not sign, whoever asks it. */
  private void onlySignsWhole(Cell cell, String id, Member member, List<Member> alive) {
    var before = description(id, member);
    if (before.isEmpty()) {
      return;
    }
    // Those who are left make the only quorum there is: each of them must hold the words.
    var stages = alive.stream().map(party -> stage(id, party)).toList();
    var account = HEX.parseHex(before.get().path("publicKey").asText());
    var attempt = committee.trySign(shape, SCHEME, id, examples.solanaTransfer(account), member);
    // Asked again: the others may have agreed in between.
    var after = stage(id, member);
    check(
        attempt.exit() == 0
            ? after.equals(USABLE)
            : attempt.err().contains("key-not-usable") && !stages.stream().allMatch(USABLE::equals),
        cell
            + ": asked to sign with a key that is "
            + stages
            + " then "
            + after
            + ", "
            + member.name()
            + " said "
            + attempt);
  }

  /** What all parties say of the key in the end. */
  private String agreement(Cell cell, String id) {
    long end = System.nanoTime() + AGREED.toNanos();
    while (true) {
      var stages = committee.members().stream().map(member -> stage(id, member)).toList();
      var first = stages.getFirst();
      if (stages.stream().allMatch(first::equals)
          && (first.equals(USABLE) || first.equals(ABSENT))) {
        return first;
      }
      check(System.nanoTime() < end, cell + ": no agreement about the key: " + stages);
      pause();
    }
  }

  private String stage(String id, Member at) {
    return description(id, at).map(key -> key.path("stage").asText()).orElse(ABSENT);
  }

  private Optional<JsonNode> description(String id, Member at) {
    var shown = committee.tryDescribe(shape, id, at);
    if (shown.exit() != 0 && shown.err().contains("unknown-key")) {
      return Optional.empty();
    }
    check(shown.exit() == 0, at.name() + " does not say what it has: " + shown.err());
    try {
      return Optional.of(JSON.readTree(shown.out()));
    } catch (IOException e) {
      throw new UncheckedIOException(shown.out(), e);
    }
  }

  /** The different sets of certificates that the parties have stored. */
  private Set<String> bundles(String id) {
    var bundles = new HashSet<String>();
    for (var member : committee.members()) {
      bundles.add(Stored.certificates(member.stateFolder(), id, shape.parties()));
    }
    return bundles;
  }

  private Ended signing(Cell cell) {
    var payload = examples.solanaTransfer(key.group());
    var request = freshId();
    var notAfter = Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS).toString();
    var again = new String[] {"--request-id", request, "--not-after", notAfter};
    var ended =
        interrupt(
            cell,
            () -> committee.trySign(shape, SCHEME, key.id(), payload, committee.member(1), again));
    var other =
        committee.members().stream()
            .filter(member -> !member.equals(ended.victim()))
            .findFirst()
            .orElseThrow();
    signed(cell, committee.trySign(shape, SCHEME, key.id(), payload, other));
    start(ended.victim());
    ended.victim().awaitReady();
    if (ended.result().exit() == 0) {
      var repeated =
          committee.trySign(shape, SCHEME, key.id(), payload, committee.member(1), again);
      check(
          ended.result().out().equals(repeated.out()),
          cell + ": asked again, another answer: " + repeated.err());
    }
    signs(cell, key, ended.victim());
    return new Ended(cell, ended.result().exit(), ended.millis(), ended.result().exit() == 0);
  }

  private void signs(Cell cell, Key with, Member coordinator) {
    signed(
        cell,
        committee.trySign(
            shape, SCHEME, with.id(), examples.solanaTransfer(with.group()), coordinator));
  }

  private static void signed(Cell cell, Sharekeep.Result result) {
    check(result.exit() == 0, cell + ": afterwards nobody signs: " + result.err());
  }

  private static String freshId() {
    var bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HEX.formatHex(bytes);
  }

  private static void pause() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** Takes the gates away; the members listen where their documents say again. */
  @Override
  public void close() {
    for (var member : gates.keySet()) {
      member.stop();
    }
    gates.values().forEach(RoundGate::close);
    gates.keySet().forEach(Member::start);
    gates.keySet().forEach(Member::awaitReady);
  }
}
