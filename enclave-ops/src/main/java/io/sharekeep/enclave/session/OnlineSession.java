package io.sharekeep.enclave.session;

import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.memory.SessionSlab;
import io.sharekeep.enclave.store.Bindings.Binding;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.ecdsa.Presignature;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import java.util.HexFormat;
import java.util.List;

/**
 * Presignatures used at one party (protocols, section 4.6, online): open the entropy, complete,
 * combine, for every signature of one transaction side by side. No share is opened: what was kept
 * is enough.
 */
final class OnlineSession implements LiveSession {
  /** Rounds that a relay carries at most. */
  static final int ROUNDS = 3;

  private static final int COMPLETE = 2;
  private static final int COMBINE = 3;

  private final Desk desk;
  private final SigningOrder order;
  private final Ending ending;
  private final SessionSlab slab;
  private final StepWork work;
  private final EcdsaLanes lanes;
  private final List<Octets> names;
  private volatile int next = COMPLETE;

  private OnlineSession(
      Desk desk,
      SigningOrder order,
      Ending ending,
      SessionSlab slab,
      StepWork work,
      List<Octets> names) {
    this.desk = desk;
    this.order = order;
    this.ending = ending;
    this.slab = slab;
    this.work = work;
    this.names = List.copyOf(names);
    this.lanes = new EcdsaLanes(desk, order.key(), ending, slab, () -> {});
  }

  /** A session that has run its first round, and what it answers. */
  record Opened(OnlineSession session, StepReply reply) {}

  /**
   * Round 1: binds each presignature to its message, durably, and only then opens the entropy.
   *
   * @param endpoints one for each lane of the order
   * @param presignatures one for each lane, taken over
   */
  static Opened open(
      Desk desk,
      SigningOrder order,
      List<Endpoint> endpoints,
      List<Presignature> presignatures,
      Ending ending,
      SessionSlab slab,
      StepWork work) {
    var names = presignatures.stream().map(Presignature::session).toList();
    var session = new OnlineSession(desk, order, ending, slab, work, names);
    try {
      session.work.during(() -> session.use(endpoints, presignatures));
      session.bind();
      // Committed: from here each serves this request and no other, in whatever process.
      return new Opened(session, ending.sent(session.lanes.outbox()));
    } catch (RuntimeException | Error e) {
      presignatures.forEach(Presignature::close);
      session.lanes.end();
      throw e;
    }
  }

  private EcdsaLanes use(List<Endpoint> endpoints, List<Presignature> presignatures) {
    var checkpoint = Octets.of(desk.checkpoint().note());
    for (int lane = 0; lane < endpoints.size(); lane++) {
      lanes.add(
          EcdsaLane.use(
              order.lanes().get(lane), endpoints.get(lane), presignatures.get(lane), checkpoint));
    }
    return lanes;
  }

  private void bind() {
    var key = order.key();
    desk.store()
        .commit(tx -> {
          int lane = 0;
          for (var name : names) {
            byte[] request = lanes.at(lane++).request().toArray();
            boolean free =
                desk.bindings()
                    .bind(
                        tx,
                        new Binding(
                            name.toArray(),
                            key.id(),
                            key.epoch(),
                            request,
                            ending.id(),
                            desk.clock().instant()));
            if (!free) {
              throw new IllegalStateException("presignature " + name + " serves a request already");
            }
            desk.log()
                .append(
                    tx,
                    new Entry.PresignatureBound(
                        HexFormat.of().formatHex(ending.id()),
                        key.id(),
                        key.epoch(),
                        name.toString(),
                        HexFormat.of().formatHex(request)));
          }
          return names;
        });
  }

  @Override
  public StepReply step(int round, List<byte[]> inbox) {
    slab.touch();
    return work.during(() -> answer(round, inbox));
  }

  private StepReply answer(int round, List<byte[]> inbox) {
    long started = System.nanoTime();
    if (round == COMPLETE) {
      var burnt = desk.pairs().unusable(order.key().id(), others());
      if (burnt.isPresent()) {
        return lanes.refuseBurnt(burnt.get());
      }
      var locked = lanes.locked();
      if (locked.isPresent()) {
        return lanes.refuse(locked.get());
      }
    }
    var heard = lanes.take(round - 1, inbox);
    if (heard.isPresent()) {
      return heard.get();
    }
    var reply = round == COMPLETE ? complete(inbox) : lanes.combine(order);
    desk.counters()
        .took(
            "round{protocol=\"ecdsa-online\",round=\"" + round + "\"}",
            System.nanoTime() - started);
    return reply;
  }

  private List<PartyId> others() {
    return lanes.signers().stream().filter(party -> !party.equals(desk.books().self())).toList();
  }

  /** Round 2: records durably that they are spent, and only then sends the parts. */
  private StepReply complete(List<byte[]> inbox) {
    var aborted = lanes.each(EcdsaLane::complete);
    if (aborted.isPresent()) {
      return lanes.abort(aborted.get());
    }
    var reply = ending.sent(lanes.outbox());
    var stopped = lanes.spend(COMPLETE, inbox, reply, names::get);
    next = COMBINE;
    return stopped.orElse(reply);
  }

  @Override
  public int nextRound() {
    return next;
  }

  @Override
  public boolean isOver() {
    return lanes.isOver();
  }

  @Override
  public boolean isExpired() {
    return ending.isPastDeadline() || slab.isIdle();
  }

  @Override
  public void abandon(String reason) {
    lanes.lose(reason);
  }
}
