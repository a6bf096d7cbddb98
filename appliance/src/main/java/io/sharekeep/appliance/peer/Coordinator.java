package io.sharekeep.appliance.peer;

import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.WaitingRequest;
import java.net.http.HttpClient;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Carries orders to the parties of their committee and brings back what became of them: an
 * untrusted relay, whose every claim each party checks for itself. Methods block; for virtual
 * threads.
 */
public final class Coordinator implements AutoCloseable {
  private final Enclave enclave;
  private final int self;
  private final Roster roster;
  private final KeyExchange exchange;
  private final Presigner presigner;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Progress progress = new Progress();
  private final Map<String, InFlight> inFlight = new ConcurrentHashMap<>();

  /**
   * @param clients makes a client that trusts the key of that pin alone
   * @param maxBytes longest message between parties
   */
  public Coordinator(
      Enclave enclave, Function<String, HttpClient> clients, int maxBytes, PeerTimeouts timeouts) {
    this.enclave = enclave;
    this.self = enclave.status().party();
    this.roster =
        new Roster(
            self, new LocalParty(enclave), clients, maxBytes, timeouts, executor, System::nanoTime);
    this.exchange = new KeyExchange(enclave, self, roster, executor);
    this.presigner = new Presigner(enclave, this::present, this::carry, executor);
  }

  /**
   * What became of a request that a person has said something about.
   *
   * @param unheard parties that do not know that an approval was taken back or the request
   *     rejected, and why
   */
  public record Heard(Carried carried, SortedMap<Integer, String> unheard) {
    public Heard {
      unheard = Collections.unmodifiableSortedMap(new TreeMap<>(unheard));
    }
  }

  private record InFlight(byte[] digest, CompletableFuture<Carried> result) {}

  /** Begins to ask peers about undecided keys, and to fill the stock, for ever. */
  public void start() {
    exchange.start();
    presigner.start();
  }

  private Set<Integer> present() {
    return enclave.documents().committees().stream()
        .flatMap(committee -> roster.presence(committee, false).present().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How far requests have come that were or are carried here. */
  public Progress progress() {
    return progress;
  }

  /** Peer id → whether it answered when last asked. */
  public SortedMap<Integer, Boolean> peers() {
    return roster.up(enclave.documents());
  }

  /**
   * Carries the order. Two callers who bring the same order at once get one session and one answer.
   */
  public Carried carry(Order order, String traceparent) {
    return carryApproved(approved(order), traceparent);
  }

  /** With what people have said to it here, if it waits. */
  private Order approved(Order order) {
    return enclave
        .waiting(order.requestId())
        .map(WaitingRequest::order)
        .filter(held -> Arrays.equals(held.body().digest(), order.body().digest()))
        .map(held -> order.approvedBy(held.approvals()))
        .orElse(order);
  }

  /**
   * Takes what a person has signed about a request that waits here, and carries the request on if
   * nobody is missing any more.
   *
   * @param tells whether it is none that comes with the request: every other party is told
   */
  public Heard said(String requestId, byte[] statement, boolean tells, String traceparent) {
    var before = enclave.waiting(requestId);
    var refusal = enclave.assent(requestId, statement);
    if (refusal.isPresent()) {
      return new Heard(new Carried.Refused(refusal.get()), Collections.emptySortedMap());
    }
    var unheard =
        before
            .filter(_ -> tells)
            .map(one -> tell(new Said(one.order().approvedBy(List.of()), statement)))
            .orElseGet(Collections::emptySortedMap);
    return new Heard(carriedOn(requestId, traceparent), unheard);
  }

  /** To every other party of the request's committee. Gives back who did not take it, and why. */
  private SortedMap<Integer, String> tell(Said said) {
    var asked = new TreeMap<Integer, Future<Answer<Said>>>();
    committee(said.order()).stream()
        .flatMap(known -> known.parties().stream())
        .filter(party -> party.id() != self)
        .forEach(
            party -> asked.put(party.id(), executor.submit(() -> roster.party(party).tell(said))));
    var unheard = new TreeMap<Integer, String>();
    asked.forEach((id, answer) -> {
      switch (answer(answer)) {
        case Answer.Received<Said> _ -> {}
        case Answer.Refused<Said>(var refusal) -> unheard.put(id, refusal.detail());
        case Answer.Unreachable<Said>(var why, var _) -> unheard.put(id, why);
      }
    });
    return unheard;
  }

  private Carried carriedOn(String requestId, String traceparent) {
    var waiting = enclave.waiting(requestId);
    return waiting.isPresent()
        ? carryApproved(waiting.get().order(), traceparent)
        : enclave
            .outcome(requestId)
            .<Carried>map(outcome -> new Carried.Done(outcome, true))
            .orElseGet(() ->
                new Carried.Refused(
                    new Refusal(
                        Refusal.Code.NOT_WAITING, "it waits no more; ask for its outcome")));
  }

  /** Hex hashes of the policies in force at the parties of a committee, as far as they answer. */
  public List<String> policies(String committee) {
    return enclave.documents().committees().stream()
        .filter(known -> known.hash().equals(committee))
        .flatMap(known -> known.parties().stream())
        .map(party -> executor.submit(() -> roster.party(party).policy()))
        .toList()
        .stream()
        .map(Coordinator::answer)
        .flatMap(answer ->
            answer instanceof Answer.Received<String>(String hash)
                ? Stream.of(hash)
                : Stream.<String>empty())
        .filter(hash -> !hash.isEmpty())
        .sorted()
        .distinct()
        .toList();
  }

  private static <T> Answer<T> answer(Future<Answer<T>> asked) {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Unreachable<>("this appliance is stopping", true);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a party was not asked", e.getCause());
    }
  }

  private Carried carryApproved(Order order, String traceparent) {
    var mine = new InFlight(digest(order), new CompletableFuture<>());
    var other = inFlight.putIfAbsent(order.requestId(), mine);
    if (other != null) {
      return Arrays.equals(other.digest(), mine.digest())
          ? join(other.result())
          : new Carried.Refused(
              new Refusal(
                  Refusal.Code.REQUEST_CONFLICT,
                  "another request with this requestId is running; use a new requestId"));
    }
    try {
      var result = attempt(order, traceparent);
      progress.note(order.requestId(), new Progress.Event.Ended(word(result)));
      mine.result().complete(result);
      return result;
    } catch (RuntimeException | Error e) {
      progress.note(order.requestId(), new Progress.Event.Ended("failed"));
      mine.result().completeExceptionally(e);
      throw e;
    } finally {
      inFlight.remove(order.requestId(), mine);
    }
  }

  private static String word(Carried carried) {
    return switch (carried) {
      case Carried.Refused(var refusal) -> refusal.code().label();
      case Carried.Done(var outcome, var _) ->
          switch (outcome) {
            case Outcome.Signed _ -> "signed";
            case Outcome.KeyGenerated _ -> "key-generated";
            case Outcome.PairRekeyed _ -> "pair-rekeyed";
            case Outcome.Presigned _ -> "presigned";
            case Outcome.Denied _ -> "denied";
            case Outcome.Aborted _ -> "aborted";
            case Outcome.Lost _ -> "lost";
          };
    };
  }

  private Carried attempt(Order order, String traceparent) {
    var committee = committee(order);
    if (committee.isEmpty()) {
      // The enclave says what is wrong with it.
      return switch (enclave.propose(order, Set.of(self))) {
        case Proposal.Known(var outcome) -> new Carried.Done(outcome, true);
        case Proposal.Refused(var refusal) -> new Carried.Refused(refusal);
        case Proposal.Ready _ ->
            throw new IllegalStateException("the enclave proposes for an unknown committee");
      };
    }
    var presence = roster.presence(committee.get(), false);
    var left = new TreeSet<>(presence.present());
    var absent = new TreeMap<>(presence.absent());
    boolean askedAgain = false;
    // Each turn either ends or takes at least one party out, or asks once more who is there.
    while (true) {
      switch (enclave.propose(order, left)) {
        case Proposal.Known(var outcome) -> {
          return new Carried.Done(outcome, true);
        }
        case Proposal.Refused(var refusal) -> {
          if (refusal.code() != Refusal.Code.TOO_FEW_PARTIES) {
            return new Carried.Refused(refusal);
          }
          if (askedAgain || absent.isEmpty()) {
            return new Carried.Refused(tooFew(refusal, absent));
          }
          askedAgain = true;
          var again = roster.presence(committee.get(), true);
          left = new TreeSet<>(again.present());
          absent = new TreeMap<>(again.absent());
        }
        case Proposal.Ready ready -> {
          var relay =
              new Relay(roster, committee.get(), ready, order, traceparent, executor, progress);
          switch (relay.run()) {
            case Relay.End.Finished(var outcome) -> {
              return new Carried.Done(settled(outcome), false);
            }
            case Relay.End.Refused(var refusal) -> {
              return new Carried.Refused(refusal);
            }
            case Relay.End.Open() -> {
              return concluded(order);
            }
            case Relay.End.Broken(var lost, var started) -> {
              absent.putAll(lost);
              left.removeAll(lost.keySet());
              if (started) {
                // A party may have opened a session under this requestId and will open no other.
                return new Carried.Refused(interrupted(lost));
              }
            }
          }
        }
      }
    }
  }

  /** A key that was certified becomes usable once all parties have said that they hold it. */
  private Outcome settled(Outcome outcome) {
    if (outcome instanceof Outcome.KeyGenerated(var requestId, var key)
        && key.stage() != KeyDescription.Stage.USABLE) {
      exchange.now(key.id());
      return new Outcome.KeyGenerated(requestId, enclave.key(key.id()).orElse(key));
    }
    return outcome;
  }

  private Carried concluded(Order order) {
    if (order instanceof Order.GenerateKey generate) {
      KeyId id = generate.request().body().keyId();
      exchange.now(id);
      var key = enclave.key(id);
      if (key.isPresent()) {
        return new Carried.Done(new Outcome.KeyGenerated(order.requestId(), key.get()), false);
      }
    }
    return enclave
        .outcome(order.requestId())
        .<Carried>map(outcome -> new Carried.Done(outcome, false))
        .orElseGet(() ->
            new Carried.Done(
                new Outcome.Lost(order.requestId(), "the rounds ended without an outcome"), false));
  }

  private Optional<Documents.Committee> committee(Order order) {
    var hash = order.body().committee();
    return enclave.documents().committees().stream().filter(c -> c.hash().equals(hash)).findFirst();
  }

  private static Refusal tooFew(Refusal refusal, SortedMap<Integer, String> absent) {
    var who = absent.isEmpty() ? "" : "; away: " + names(absent) + ". Start them and ask again";
    return refusal.saying(refusal.detail() + who);
  }

  private static Refusal interrupted(SortedMap<Integer, String> lost) {
    return new Refusal(
        Refusal.Code.TOO_FEW_PARTIES,
        "lost in the middle of the session: "
            + names(lost)
            + ". Nothing was released; ask again under a new requestId");
  }

  private static String names(SortedMap<Integer, String> parties) {
    return parties.entrySet().stream()
        .map(e -> "party " + e.getKey() + " (" + e.getValue() + ")")
        .collect(Collectors.joining(", "));
  }

  private static Carried join(CompletableFuture<Carried> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("the same request failed for another caller", e.getCause());
    }
  }

  private static byte[] digest(Order order) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return switch (order) {
        case Order.Sign sign -> {
          sha256.update(SignedRequests.toJson(sign.request()));
          yield sha256.digest(sign.payload());
        }
        case Order.GenerateKey generate -> sha256.digest(SignedRequests.toJson(generate.request()));
        case Order.Presign presign -> presign.request().digest();
        case Order.RekeyPair rekey -> {
          sha256.update(SignedRequests.toJson(rekey.request()));
          yield sha256.digest(SignedRequests.toJson(rekey.second()));
        }
      };
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    exchange.close();
    presigner.close();
    executor.shutdownNow();
    roster.close();
  }
}
