package io.sharekeep.enclave.session;

import io.sharekeep.attestation.evidence.Limit;
import io.sharekeep.attestation.note.SignedCheckpoint;
import io.sharekeep.enclave.CallerIdentity;
import io.sharekeep.enclave.Cancellation;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.DerivedKey;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.EnclaveStatus;
import io.sharekeep.enclave.Following;
import io.sharekeep.enclave.Frozen;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PairDescription;
import io.sharekeep.enclave.PendingPolicy;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Sealing;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.State.Operation;
import io.sharekeep.enclave.Statistics;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.TokenCheck;
import io.sharekeep.enclave.WaitingRequest;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.memory.ShareOverdue;
import io.sharekeep.enclave.memory.ShareWatch;
import io.sharekeep.enclave.policy.ClockBehind;
import io.sharekeep.enclave.store.Boots;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.store.StoreBroken;
import io.sharekeep.enclave.vault.KekUsedUp;
import io.sharekeep.enclave.vault.ShareMismatch;
import io.sharekeep.pkcs11.terms.TokenException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The trusted core, put together. What breaks an invariant while it runs leaves it FAILED: it then
 * reads and does nothing else until it is started anew and every check passes.
 */
final class Core implements Enclave {
  /** Names, in the store, the checkpoint of this party's own log that its state falls short of. */
  static final String SHOWN = "log.shown";

  private final Running running;
  private final ExecutorService platform;
  private final Rotation rotation;
  private final Waiters waiters;
  private final Succession succession;
  private final Brake brake;
  private volatile Condition condition;
  private volatile boolean closed;

  /** What the core is built of; closed in reverse. */
  record Running(
      Desk desk,
      Engine engine,
      KeyLedgers ledgers,
      Readiness readiness,
      Resealing resealing,
      ShareWatch watch,
      TokenRecord tokenRecord,
      String tokenBackend,
      String secretMemory,
      List<String> groups,
      List<Limit> limits,
      List<AutoCloseable> resources) {}

  private record Condition(State state, Instant since, Optional<String> reason) {}

  /**
   * @param platform platform threads for what must not run on a caller's virtual thread
   * @param broken why the appliance starts FAILED, if it does
   */
  Core(Running running, ExecutorService platform, Optional<String> broken) {
    this.running = running;
    this.platform = platform;
    this.condition =
        new Condition(
            broken.isPresent() ? State.FAILED : State.OPERATIONAL,
            running.desk().clock().instant(),
            broken);
    this.rotation = new Rotation(running.desk(), running.resealing());
    this.waiters = new Waiters(running.desk());
    this.succession = new Succession(running.desk(), running.tokenRecord().owner());
    this.brake = new Brake(running.desk());
    if (broken.isEmpty()) {
      running.resealing().start(this::broken);
      standStill();
    }
  }

  Engine engine() {
    return running.engine();
  }

  Resealing resealing() {
    return running.resealing();
  }

  Desk desk() {
    return running.desk();
  }

  @Override
  public EnclaveStatus status() {
    var now = condition;
    return new EnclaveStatus(
        now.state(),
        now.since(),
        now.reason(),
        running.desk().books().self().value(),
        running.secretMemory(),
        running.tokenBackend(),
        running.groups(),
        TrustLimits.with(running.limits(), running.desk().books().policy()).stream()
            .map(Limit::label)
            .toList(),
        SignatureKeys.pin(running.tokenRecord().publicKey("identity")),
        TokenCheck.lost("hsm", running.desk().core().state())
            .filter(_ -> !running.desk().onFallback())
            .map(Check::detail),
        running.desk().log().size());
  }

  @Override
  public List<Check> readiness() {
    var now = condition;
    if (now.state() != State.OPERATIONAL) {
      return notReady(now.state(), now.reason());
    }
    return guarded(() -> running.readiness().checks(platform), Core::unready);
  }

  static List<Check> notReady(State state, Optional<String> reason) {
    return List.of(new Check("state", false, state + reason.map(why -> ": " + why).orElse("")));
  }

  private static List<Check> unready(Refusal refusal) {
    return List.of(new Check(refusal.code().label(), false, refusal.detail()));
  }

  @Override
  public Statistics statistics() {
    return CoreStatistics.of(
        running.desk(),
        running.engine(),
        running.resealing().incomplete(),
        running.watch().wipes());
  }

  @Override
  public Documents documents() {
    return running.desk().books().documents();
  }

  @Override
  public Optional<CallerIdentity> caller(byte[] spkiSha256) {
    return running.desk().books().caller(spkiSha256);
  }

  @Override
  public List<KeyDescription> keys() {
    return running.desk().keys().all().stream().map(running.desk()::describe).toList();
  }

  @Override
  public Optional<KeyDescription> key(KeyId id) {
    return running.desk().describe(id);
  }

  @Override
  public Optional<DerivedKey> derived(KeyId id, KeyPath path) {
    return running.desk().derived(id, path);
  }

  @Override
  public List<PairDescription> pairs(KeyId id) {
    return running.desk().pairs().of(id);
  }

  @Override
  public Proposal propose(Order order, Set<Integer> reachableParties) {
    var refusal = notAdmitted(operation(order));
    if (refusal.isPresent()) {
      return new Proposal.Refused(refusal.get());
    }
    return guarded(() -> running.engine().propose(order, reachableParties), Proposal.Refused::new);
  }

  static Operation operation(Order order) {
    return switch (order) {
      case Order.Sign _, Order.Presign _ -> Operation.SIGN;
      case Order.GenerateKey _, Order.RekeyPair _ -> Operation.GENERATE_KEY;
    };
  }

  @Override
  public StepReply step(byte[] locator, StepRequest request) {
    var refusal =
        notAdmitted(
            request.opening().map(opening -> operation(opening.order())).orElse(Operation.SIGN));
    if (refusal.isPresent()) {
      return new StepReply.Refused(refusal.get());
    }
    if (locator.length != 32) {
      return Engine.refused(Code.MALFORMED, "a session is named by 32 bytes");
    }
    return guarded(() -> running.engine().step(locator, request), StepReply.Refused::new);
  }

  private Optional<Refusal> notAdmitted(Operation operation) {
    var now = condition;
    return now.state().admits(operation)
        ? Optional.empty()
        : Optional.of(notAdmitted(now.state(), now.reason(), operation));
  }

  static Refusal notAdmitted(State state, Optional<String> reason, Operation operation) {
    return new Refusal(
        Code.STATE,
        "the appliance is "
            + state
            + reason.map(why -> " (" + why + ")").orElse("")
            + " and does not "
            + switch (operation) {
              case SIGN -> "sign";
              case GENERATE_KEY -> "make keys";
              case READ, REFRESH, ATTEST, FREEZE, UNFREEZE, UNLOCK, RECOVER -> "do that";
            });
  }

  /** Turns what a token or the disk does to us into an answer, or into the end of service. */
  private <T> T guarded(Supplier<T> work, Function<Refusal, T> refused) {
    try {
      return work.get();
    } catch (TokenException e) {
      running.desk().counters().count("hsm_refused");
      return refused.apply(new Refusal(Code.HSM_UNAVAILABLE, "the HSM did not do its part; retry"));
    } catch (KekUsedUp e) {
      return refused.apply(
          new Refusal(
              Code.HSM_UNAVAILABLE,
              "the HSM's sealing key has been used as often as it may; keys that are there still"
                  + " sign, but a new one needs a new kek: sharekeep hsm reseal --new-kek core"));
    } catch (ShareOverdue e) {
      return refused.apply(
          new Refusal(
              Code.HSM_UNAVAILABLE, "the share lay open for too long and was wiped; retry"));
    } catch (ClockBehind e) {
      return refused.apply(new Refusal(Code.POLICY_UNAVAILABLE, String.valueOf(e.getMessage())));
    } catch (ShareMismatch e) {
      fail("a sealed share is not the one of its record: " + e.getMessage());
      return refused.apply(new Refusal(Code.STATE, "the appliance has failed a check and stopped"));
    } catch (StoreBroken e) {
      fail("the state store failed; check the disk and start again");
      return refused.apply(
          new Refusal(Code.STORE_UNAVAILABLE, "the appliance cannot write its state and stopped"));
    }
  }

  @Override
  public Following follow(DocumentFile document) {
    var refusal = takesNoDocument();
    return refusal.isPresent()
        ? new Following.Refused(refusal.get())
        : guarded(() -> succession.take(document), Following.Refused::new);
  }

  @Override
  public Optional<PendingPolicy> pendingPolicy() {
    return guarded(succession::pending, _ -> Optional.empty());
  }

  @Override
  public Cancellation cancelPolicy(byte[] statement) {
    var refusal = takesNoDocument();
    return refusal.isPresent()
        ? new Cancellation.Refused(refusal.get())
        : guarded(() -> succession.cancel(statement), Cancellation.Refused::new);
  }

  private Optional<Refusal> takesNoDocument() {
    var state = condition.state();
    return state == State.OPERATIONAL || state == State.FROZEN
        ? Optional.empty()
        : Optional.of(
            new Refusal(Code.STATE, "the appliance is " + state + " and takes no document"));
  }

  @Override
  public Frozen freeze(byte[] statement) {
    if (condition.state() != State.OPERATIONAL) {
      return new Frozen.Refused(
          notAdmitted(condition.state(), condition.reason(), Operation.FREEZE));
    }
    var done = guarded(() -> brake.freeze(statement), Frozen.Refused::new);
    standStill();
    return done;
  }

  @Override
  public Frozen unfreeze(List<byte[]> statements) {
    if (condition.state() != State.OPERATIONAL && condition.state() != State.FROZEN) {
      return new Frozen.Refused(
          notAdmitted(condition.state(), condition.reason(), Operation.UNFREEZE));
    }
    var done = guarded(() -> brake.unfreeze(statements), Frozen.Refused::new);
    standStill();
    return done;
  }

  /** The state follows the store, which alone decides whether anything is signed. */
  private synchronized void standStill() {
    boolean stands = brake.stands();
    if (stands == (condition.state() == State.OPERATIONAL)) {
      condition =
          new Condition(
              stands ? State.FROZEN : State.OPERATIONAL,
              running.desk().clock().instant(),
              stands ? Optional.of("an administrator has frozen it") : Optional.empty());
    }
  }

  @Override
  public Sealing sealing() {
    return rotation.sealing();
  }

  @Override
  public Optional<Refusal> seal(Sealing.Order order) {
    var now = condition;
    return now.state() == State.OPERATIONAL
        ? guarded(() -> onPlatform(() -> rotation.run(order)), Optional::of)
        : Optional.of(
            new Refusal(Code.STATE, "the appliance is " + now.state() + " and seals nothing anew"));
  }

  /** A background task met what a request would have met. */
  private void broken(RuntimeException e) {
    var _ =
        guarded(
            () -> {
              throw e;
            },
            refusal -> refusal);
  }

  private void fail(String reason) {
    condition = new Condition(State.FAILED, running.desk().clock().instant(), Optional.of(reason));
  }

  @Override
  public Optional<Outcome> outcome(String requestId) {
    return running.engine().outcome(requestId);
  }

  @Override
  public List<byte[]> decisions(String requestId) {
    var desk = running.desk();
    return desk.store().read(from -> desk.decisions().of(from, requestId));
  }

  @Override
  public Optional<byte[]> blame(String requestId) {
    var desk = running.desk();
    return desk.store().read(from -> desk.blames().find(from, requestId));
  }

  @Override
  public boolean keepsPresignatures() {
    return !running.desk().stock().presigning().kept().keys().isEmpty();
  }

  @Override
  public Optional<Order> presigning(Set<Integer> reachableParties) {
    return notAdmitted(Operation.SIGN).isPresent()
        ? Optional.empty()
        : guarded(() -> running.engine().presigning(reachableParties), _ -> Optional.empty());
  }

  @Override
  public Optional<byte[]> logFile(String name) {
    var desk = running.desk();
    if (!name.equals("checkpoint")) {
      return desk.log().file(name);
    }
    return guarded(
        () -> onPlatform(() -> Optional.of(desk.checkpoint().note())),
        // An older one is signed as well.
        _ -> desk.log().lastCheckpoint().map(SignedCheckpoint::note));
  }

  @Override
  public List<WaitingRequest> waiting() {
    return waiters.all();
  }

  @Override
  public Optional<WaitingRequest> waiting(String requestId) {
    return waiters.find(requestId);
  }

  @Override
  public Optional<Refusal> assent(String requestId, byte[] statement) {
    return notAdmitted(Operation.SIGN)
        .or(() -> guarded(() -> waiters.take(requestId, statement), Optional::of));
  }

  /** Also while it stands still: what is taken back must not be there once it goes on. */
  @Override
  public Optional<Refusal> hear(Order order, byte[] statement) {
    var now = condition;
    return now.state() == State.OPERATIONAL || now.state() == State.FROZEN
        ? guarded(() -> waiters.hear(order, statement), Optional::of)
        : Optional.of(notAdmitted(now.state(), now.reason(), Operation.SIGN));
  }

  @Override
  public List<KeyStatements> undecided() {
    return condition.state().admits(Operation.GENERATE_KEY)
        ? guarded(() -> running.ledgers().undecided(), _ -> List.of())
        : List.of();
  }

  @Override
  public KeyStatements exchange(KeyStatements fromPeer) {
    var nothing = new KeyStatements(fromPeer.key(), fromPeer.sessionId(), List.of());
    return condition.state().admits(Operation.GENERATE_KEY)
        ? guarded(() -> onPlatform(() -> running.ledgers().exchange(fromPeer)), _ -> nothing)
        : nothing;
  }

  @Override
  public void shown(byte[] note) {
    if (condition.state() == State.FAILED) {
      return;
    }
    running
        .desk()
        .log()
        .refutedBy(note)
        .ifPresent(why -> {
          fail(setBack(why));
          guarded(() -> onPlatform(() -> keep(note)), _ -> note);
        });
  }

  private byte[] keep(byte[] note) {
    return running
        .desk()
        .store()
        .commit(tx -> {
          Meta.put(tx, SHOWN, note);
          return note;
        });
    // Committed: from here a restart on this state finds the proof and is FAILED again.
  }

  /** In an operator's words. */
  static String setBack(String why) {
    return why
        + ": the state folder was set back or copied. Restore the newest state, or treat this party"
        + " as lost";
  }

  private <T> T onPlatform(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, platform).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    var desk = running.desk();
    running.resealing().close();
    running.engine().close();
    if (condition.state() == State.OPERATIONAL || condition.state() == State.FROZEN) {
      stopped(desk);
    }
    platform.shutdown();
    for (var resource : running.resources().reversed()) {
      try {
        resource.close();
      } catch (Exception e) {
        desk.counters().count("close_failures"); // The others must still be closed.
      }
    }
  }

  private static void stopped(Desk desk) {
    try {
      desk.store()
          .commit(tx -> {
            new Boots(desk.tenant()).stopped(tx, desk.boot().toArray(), desk.clock().instant());
            return desk.log().append(tx, new Entry.Stopped(desk.boot().toString()));
          });
    } catch (StoreBroken e) {
      desk.counters().count("stop_not_logged"); // The disk is gone; there is nowhere to say it.
    }
  }
}
