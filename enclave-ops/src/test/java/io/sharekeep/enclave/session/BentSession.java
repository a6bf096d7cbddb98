package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepReply.Outbound;
import io.sharekeep.enclave.entropy.DeterministicRandom;
import io.sharekeep.enclave.entropy.OsRandom;
import io.sharekeep.enclave.memory.CallerId;
import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.memory.SizeClass;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.SessionContext;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The session that a party would have opened itself, over a group of the test's. All of it runs on
 * the test's thread.
 */
final class BentSession implements AutoCloseable {
  /** None of the party's own signing threads. */
  private static final int THREAD = 63;

  private final SlabPool pool;
  private final DeterministicRandom random;
  private final EcdsaSession session;
  private final StepReply first;

  private BentSession(
      SlabPool pool, DeterministicRandom random, EcdsaSession session, StepReply first) {
    this.pool = pool;
    this.random = random;
    this.session = session;
    this.first = first;
  }

  static BentSession open(Core core, Proposal.Ready ready, Order order, UnaryOperator<Group> bend)
      throws Exception {
    var desk = core.desk();
    var context = SessionContext.decode(ready.context()).valid().orElseThrow();
    if (!(core.engine().admission().read(order) instanceof Admission.Read.Signing read)) {
      throw new AssertionError("the order does not go on");
    }
    var docket = new Docket(desk);
    if (!(docket.file(docket.signing(context, read), true) instanceof Docket.Filed.Approved)) {
      throw new AssertionError("the order is not approved");
    }
    var ending = new Ending(desk, context, read.committee(), order.requestId(), ready.locator());
    var pool = SlabPool.open(SecretMode.MLOCK, new PoolSizes(1, 1, 0, 0, 576 * 1024));
    var caller = new CallerId("test");
    var random =
        DeterministicRandom.seed(
            desk.primitives(),
            pool.session(SizeClass.K4, caller, Duration.ofDays(1)),
            new OsRandom(),
            new OsRandom(),
            desk.boot().toArray());
    var bench = new Workbench(THREAD, pool, random);
    Endpoint endpoint;
    try (var lease = bench.lease()) {
      endpoint =
          new Endpoint(
              context.lane(0),
              desk.books().self(),
              read.committee().pins(),
              desk.envelopeKeys().signer(lease, random));
    }
    var opened =
        EcdsaSession.open(
            over(desk, bend.apply(desk.groups().apply(GroupId.SECP256K1))),
            new EcdsaSession.Goal.Signing(read.order()),
            List.of(endpoint),
            ending,
            bench,
            pool.session(SizeClass.K64, caller, Duration.ofMinutes(1)));
    return new BentSession(pool, random, opened.session(), ending.sent(opened.outbox()));
  }

  /** What round 1 sends. */
  StepReply first() {
    return first;
  }

  StepReply step(int round, List<byte[]> inbox) {
    return session.step(round, inbox);
  }

  /** What a party gets of that. */
  static List<byte[]> inbox(PartyId to, StepReply reply) {
    if (!(reply instanceof StepReply.Sent(var _, List<Outbound> outbox))) {
      throw new AssertionError(reply);
    }
    return outbox.stream()
        .filter(out -> out.to() == 0 || out.to() == to.value())
        .map(Outbound::envelope)
        .toList();
  }

  boolean isOver() {
    return session.isOver();
  }

  private static Desk over(Desk desk, Group group) {
    return new Desk(
        desk.store(),
        desk.tenant(),
        desk.log(),
        desk.vault(),
        desk.pairVault(),
        desk.core(),
        desk.keys(),
        desk.pairs(),
        desk.stock(),
        desk.lockouts(),
        desk.marks(),
        desk.inForce(),
        desk.peers(),
        desk.envelopeKeys(),
        desk.identity(),
        _ -> group,
        desk.primitives(),
        desk.verifier(),
        desk.signing(),
        desk.counters(),
        desk.clock(),
        desk.boot());
  }

  @Override
  public void close() {
    if (!session.isOver()) {
      session.abandon("the test is over");
    }
    random.close();
    pool.close();
  }
}
