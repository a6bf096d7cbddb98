package io.sharekeep.bench.timing;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.frost.Committed;
import io.sharekeep.threshold.frost.FrostSuite;
import io.sharekeep.threshold.frost.NonceCommitment;
import io.sharekeep.threshold.frost.Signers;
import io.sharekeep.threshold.frost.SigningKey;
import io.sharekeep.threshold.frost.SigningPackage;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/** FROST's two rounds as a whole. */
final class ProtocolSubjects {
  private static final EvaluationPoint ONE = new EvaluationPoint(1);
  private static final EvaluationPoint TWO = new EvaluationPoint(2);

  private final FrostSuite suite;
  private final Group group;
  private final Scratch scratch;
  private final Randomness random;
  private final FixedOperand fixed;
  private final String prefix;
  private final Operands shares;
  private final Operands draws;
  private final Randomness drawn;

  ProtocolSubjects(
      FrostSuite suite, Group group, Scratch scratch, Randomness random, FixedOperand fixed) {
    this.suite = suite;
    this.group = group;
    this.scratch = scratch;
    this.random = random;
    this.fixed = fixed;
    this.prefix = suite + " " + group.backend() + " ";
    this.shares = fixed.scalars(group.id(), 7);
    this.draws = Operands.bytes(fixed.wide(group.id()), 8);
    this.drawn = bytes -> MemorySegment.copy(draws.work(), 0, bytes, 0, bytes.byteSize());
  }

  List<Subject> all() {
    return List.of(commit(), sign());
  }

  private Subject commit() {
    Deque<Committed> made = new ArrayDeque<>();
    return new Plain(
        prefix + "commit, " + fixed.text(),
        1,
        this::load,
        () -> {
          var state = Committed.commit(suite, group, scratch, drawn, ONE, shares.work());
          made.push(state);
          return state;
        },
        () -> made.pop().close());
  }

  /**
   * Only the share is fixed: the parity of R, which is public, decides whether the nonces are
   * negated, and fixed nonces would have one parity.
   */
  private Subject sign() {
    var key = SigningKey.stored(suite, group, group.publicOps().generator());
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    owners.put(ONE, new PartyId(1));
    owners.put(TWO, new PartyId(2));
    var signers = new Signers(2, owners);
    var other = otherCommitment();
    var message = new byte[32];
    Deque<Committed> states = new ArrayDeque<>();
    Deque<SigningPackage> packages = new ArrayDeque<>();
    return new Plain(
        prefix + "sign, " + fixed.text(),
        1,
        (kind, slot) -> {
          shares.load(kind, slot);
          draws.load(1, slot);
          var state = Committed.commit(suite, group, scratch, drawn, ONE, shares.work());
          states.push(state);
          packages.push(
              advanced(
                  SigningPackage.of(
                      key, signers, message, List.of(state.commitment(), other), List.of())));
        },
        () -> states.pop().sign(shares.work(), packages.pop()));
  }

  private NonceCommitment otherCommitment() {
    var share = Arena.ofAuto().allocate(GroupId.SCALAR_LENGTH, 64);
    group.secretOps().random(random, scratch, share);
    try (var other = Committed.commit(suite, group, scratch, random, TWO, share)) {
      return other.commitment();
    }
  }

  private void load(int kind, int slot) {
    shares.load(kind, slot);
    draws.load(kind, slot);
  }

  private static <S> S advanced(Step<S> step) {
    return switch (step) {
      case Step.Advanced<S>(var state) -> state;
      case Step.Aborted<S>(var fault, var culprits) ->
          throw new IllegalStateException("aborted with " + fault + " by " + culprits);
    };
  }
}
