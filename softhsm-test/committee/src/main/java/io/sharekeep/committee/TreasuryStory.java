package io.sharekeep.committee;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.committee.TreasuryPeople.Asked;
import io.sharekeep.intent.Destination;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A treasury's day under rules that its owners signed: what is signed at once, what waits for
 * people, what is refused, and by which rule. The transactions are those of {@code examples/}.
 */
final class TreasuryStory {
  private static final int DEFERRED = 4;
  private static final int DENIED = 3;

  private final Committee committee;
  private final Path examples;
  private final Path folder;
  private final Consumer<String> out;
  private final ArrayNode acts = JsonNodeFactory.instance.arrayNode();
  private ObjectNode policy = JsonNodeFactory.instance.objectNode();
  private boolean ok = true;

  /**
   * @param folder of the committee; the story's files go below it
   * @param out takes lines for people
   */
  TreasuryStory(Committee committee, Path examples, Path folder, Consumer<String> out) {
    this.committee = committee;
    this.examples = examples;
    this.folder = folder.resolve("treasury");
    this.out = out;
  }

  /** Whether every payment went as the rules say, and every signature verified. */
  boolean ok() {
    return ok;
  }

  /**
   * Tells it.
   *
   * @param shapes whose committees the policy accepts, the keys' own first
   * @param keys one for Solana, Bitcoin and EVM, in this order
   * @return for the result file
   */
  ObjectNode run(List<Shape> shapes, List<Key> keys) {
    long began = System.nanoTime();
    var solana = keys.get(0);
    var bitcoin = keys.get(1);
    var evm = keys.get(2);
    var source = new ExampleTransactions(examples);
    var small = source.evm("evm-usdc-small.hex");
    var large = source.evm("evm-usdc-large.hex");
    var people = new TreasuryPeople(committee, shapes.getFirst(), folder);

    out.accept("");
    out.accept("The owners put examples/policies/treasury.yaml in the place of the first policy.");
    var known =
        List.of(
            payee(evm, small),
            payee(evm, large),
            payee(solana, source.payingFrom(solana)),
            payee(bitcoin, source.payingFrom(bitcoin)));
    enact(people, shapes, Map.of("hot-1", evm, "btc-1", bitcoin, "sol-1", solana), known);

    signed(people, "svc-payments pays 5.09827 USDC to an exchange", evm, small, "small");
    signed(
        people,
        "svc-payments pays 49 lamports to an exchange",
        solana,
        source.payingFrom(solana),
        "small-sol");
    waits(
        people,
        "svc-payments pays 49.99997 BTC to an exchange",
        bitcoin,
        source.payingFrom(bitcoin),
        "large-btc",
        List.of("alice", "carol"));
    waits(
        people,
        "svc-payments pays 130000 USDC to an exchange",
        evm,
        large,
        "large",
        List.of("alice", "erin", "dave"));
    refused(
        people,
        "svc-payments pays 15173.55 USDC to an address on no list",
        evm,
        source.evm("evm-usdc-unlisted.hex"),
        "default-deny");
    refused(people, "svc-payments pays 130000 USDC once more", evm, large, "usdc-day");

    var result = JsonNodeFactory.instance.objectNode();
    result.put("ok", ok);
    result.put("millis", millis(began));
    result.set("payments", acts);
    return result;
  }

  private void enact(
      TreasuryPeople people, List<Shape> shapes, Map<String, Key> wallets, List<String> known) {
    var treasury =
        new TreasuryPolicy(
            examples.resolve("policies/treasury.yaml"),
            people.identities(),
            wallets,
            shapes.stream().map(shape -> people.hash(committee.document(shape))).toList());
    for (var member : committee.members()) {
      policy = treasury.of(member, people.hash(committee.policy(member)));
      people.submit(
          policy,
          "policy-" + member.name(),
          List.of(committee.ownerKey(member)),
          member,
          committee.administrator());
    }
    var now = Instant.now();
    people.submitList(TreasuryPolicy.exchanges(now, known), List.of("alice", "bob"));
    people.submitList(
        TreasuryPolicy.sanctions(now, "eip155:1:0x00000000000000000000000000000000000000bd"),
        List.of(TreasuryPolicy.SANCTIONS));
    out.accept(
        "  in force at all three, with a list of %d exchanges and a screening list"
            .formatted(known.size()));
  }

  private static String payee(Key key, byte[] payload) {
    Destination to = VerifiedSignatures.intent(key, payload).transfers().getFirst().destination();
    return to.chain() + ":" + to.address();
  }

  private void signed(TreasuryPeople people, String title, Key key, byte[] payload, String rule) {
    var asked = title(people, title, key, payload);
    long began = System.nanoTime();
    var answer = people.ask(asked);
    long millis = millis(began);
    var trace = trace(people, asked);
    tell(trace.lines());
    signed(asked, title, payload, rule, answer, trace, millis);
  }

  private void waits(
      TreasuryPeople people,
      String title,
      Key key,
      byte[] payload,
      String rule,
      List<String> approvers) {
    var asked = title(people, title, key, payload);
    var answer = people.ask(asked);
    var trace = trace(people, asked);
    check(answer, DEFERRED, trace, "deferred", rule);
    tell(trace.lines());
    acts.add(act(asked, title, answer, trace));
    out.accept("     202: it waits for people");
    for (var approver : approvers) {
      boolean last = approver.equals(approvers.getLast());
      long began = System.nanoTime();
      answer = people.approve(asked, approver);
      long millis = millis(began);
      out.accept("     " + approver + " reads it and approves");
      trace = trace(people, asked);
      if (last) {
        // Rules and limits are as above: it keeps the room that it took when it was asked for.
        tell(trace.lines().subList(trace.lines().size() - 2, trace.lines().size()));
        signed(asked, title, payload, rule, answer, trace, millis);
      } else {
        check(answer, DEFERRED, trace, "deferred", rule);
        out.accept("     " + trace.lines().getLast());
      }
    }
  }

  private void signed(
      Asked asked,
      String title,
      byte[] payload,
      String rule,
      Sharekeep.Result answer,
      RuleTrace trace,
      long millis) {
    check(answer, 0, trace, "approved", rule);
    var json = act(asked, title, answer, trace);
    acts.add(json);
    if (answer.exit() != 0) {
      return;
    }
    var signatures =
        VerifiedSignatures.of(asked.key(), payload, TreasuryPeople.json(answer), millis);
    ok &= signatures.all();
    json.set("signatures", JsonNodeFactory.instance.arrayNode().addAll(signatures.json()));
    out.accept(
        "     signed in %d ms; %s says %s"
            .formatted(
                millis,
                IndependentVerifier.of(asked.key().scheme()).title(),
                signatures.all() ? "valid" : "INVALID"));
  }

  private void refused(TreasuryPeople people, String title, Key key, byte[] payload, String rule) {
    var asked = title(people, title, key, payload);
    var answer = people.ask(asked);
    var trace = trace(people, asked);
    check(answer, DENIED, trace, "denied", rule);
    tell(trace.lines());
    acts.add(act(asked, title, answer, trace));
  }

  private Asked title(TreasuryPeople people, String title, Key key, byte[] payload) {
    out.accept("");
    out.accept("  " + title + ".");
    return people.order(key, payload);
  }

  private RuleTrace trace(TreasuryPeople people, Asked asked) {
    return new RuleTrace(people.record(asked), policy);
  }

  private void tell(List<String> lines) {
    lines.forEach(line -> out.accept("     " + line));
  }

  private void check(
      Sharekeep.Result answer, int exit, RuleTrace trace, String decision, String rule) {
    boolean expected =
        answer.exit() == exit && trace.decision().equals(decision) && trace.rule().equals(rule);
    ok &= expected;
    if (!expected) {
      out.accept(
          "     NOT AS THE RULES SAY: expected %s by %s; %d, %s"
              .formatted(decision, rule, answer.exit(), answer.err().strip()));
    }
  }

  private static ObjectNode act(
      Asked asked, String title, Sharekeep.Result answer, RuleTrace trace) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("what", title);
    json.put("requestId", asked.requestId());
    json.put("keyId", asked.key().id());
    json.put(
        "status",
        switch (answer.exit()) {
          case 0 -> 201;
          case DEFERRED -> 202;
          case DENIED -> 403;
          default -> 0;
        });
    json.put("decision", trace.decision());
    json.put("rule", trace.rule());
    trace.lines().forEach(json.putArray("trace")::add);
    return json;
  }

  private static long millis(long since) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
  }
}
