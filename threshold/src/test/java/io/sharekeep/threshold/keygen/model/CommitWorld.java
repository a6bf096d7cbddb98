package io.sharekeep.threshold.keygen.model;

import static io.sharekeep.threshold.keygen.model.Vocabulary.ACTIVE;
import static io.sharekeep.threshold.keygen.model.Vocabulary.CERTIFICATE;
import static io.sharekeep.threshold.keygen.model.Vocabulary.KINDS;
import static io.sharekeep.threshold.keygen.model.Vocabulary.NEVER;
import static io.sharekeep.threshold.keygen.model.Vocabulary.bit;

import io.sharekeep.threshold.keygen.KeyStatus;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that can happen around one key generation, as states and steps (protocols.md, section 5.2).
 *
 * <p>An honest party is where its disk is: its phase, and the statements that it has stored. The
 * network delivers any statement that exists to anyone, at any time, in any order, again, or never;
 * so drops and reorderings are the steps not taken. A crash loses what is not stored: between
 * hearing and storing it is as if the statement had not come, between storing and sending as if it
 * had not been delivered, and in the session it ends the session; it is a step of its own where
 * that makes a difference. Malicious parties have said everything from the start, and let each
 * party hear what they like.
 *
 * <p>More can happen here than in truth: a party may record its share whatever the others do.
 */
final class CommitWorld {
  /** In the session, that may yet end with a record. */
  private static final int RUNNING = 0;

  /** The session is over and left nothing. */
  private static final int OVER = 1;

  /** The share is sealed and the record durable. */
  private static final int RECORDED = 2;

  private static final int PHASE_BITS = 2;

  /** What happens in a step, besides hearing statement number so and so. */
  private static final int CONCLUDES = 32;

  private static final int SESSION_ENDS = 33;
  private static final int SAYS = 34;
  private static final int SAYS_AND_CRASHES = 40;
  private static final int HEARS_SAYS_AND_CRASHES = 46;
  private static final int DISCARDS = 52;

  private final Vocabulary vocabulary;
  private final CommitRules rules;
  private final Caller caller;
  private final int honest;
  private final boolean strict;
  private final int statementBits;
  private final int width;
  private final int malicious;
  private final CommitRules.Verdict[][] verdicts;
  private final Map<Integer, Boolean> otherAttempts = new HashMap<>();

  /**
   * @param strange whether the malicious also say what does not belong there
   */
  CommitWorld(int honest, int malicious, boolean strange, Caller caller, CommitRules.Maker maker) {
    this.vocabulary = Vocabulary.of(honest + malicious, strange);
    this.rules = maker.over(vocabulary);
    this.caller = caller;
    this.honest = honest;
    this.strict = malicious <= 1;
    this.statementBits = vocabulary.signed().size();
    this.width = statementBits + PHASE_BITS;
    this.malicious = (1 << statementBits) - (1 << (honest * KINDS));
    this.verdicts = new CommitRules.Verdict[2 * honest][1 << statementBits];
    if (honest * width + (caller == Caller.FAITHFUL ? 0 : honest * KINDS) > Long.SIZE) {
      throw new IllegalArgumentException("a state of " + honest + " parties is too large");
    }
  }

  /** Everybody is in the session, and nothing has been said. */
  long start() {
    return 0;
  }

  /** Takes a state that one step leads to, and which step it is. */
  @FunctionalInterface
  interface Steps {
    void to(long state, int step);
  }

  void from(long state, Steps steps) {
    int exists = existing(state);
    for (int place = 0; place < honest; place++) {
      int phase = phase(state, place);
      int held = held(state, place);
      if (phase == RUNNING) {
        steps.to(with(state, place, RECORDED, held), step(place, CONCLUDES, 0));
        steps.to(with(state, place, OVER, held), step(place, SESSION_ENDS, 0));
      }
      if (phase == RECORDED && caller == Caller.DISCARDS_ALONE) {
        steps.to(with(state, place, OVER, held), step(place, DISCARDS, 0));
      }
      for (int unheard = exists & ~held; unheard != 0; unheard &= unheard - 1) {
        int number = Integer.numberOfTrailingZeros(unheard);
        int then = judge(state, place, held | 1 << number).held();
        if (then != held) {
          steps.to(with(state, place, phase, then), step(place, number, 0));
          if (caller == Caller.ACTS_BEFORE_IT_STORES) {
            sayForgetfully(state, place, then, number, steps);
          }
        }
      }
      say(state, place, steps);
    }
  }

  private void say(long state, int place, Steps steps) {
    int phase = phase(state, place);
    int held = held(state, place);
    if (phase == RUNNING) {
      return;
    }
    for (int due = judge(state, place, held).due(); due != 0; due &= due - 1) {
      int own = Integer.lowestOneBit(due);
      int kind = Integer.numberOfTrailingZeros(own) % KINDS;
      steps.to(with(state, place, phase, held | own), step(place, SAYS, kind));
      if (caller == Caller.SENDS_BEFORE_IT_STORES) {
        steps.to(sent(state, own), step(place, SAYS_AND_CRASHES, kind));
      }
    }
  }

  /** Only the own statement is stored; what it rests on was in memory. */
  private void sayForgetfully(long state, int place, int heard, int number, Steps steps) {
    int phase = phase(state, place);
    if (phase == RUNNING) {
      return;
    }
    for (int due = judge(state, place, heard).due(); due != 0; due &= due - 1) {
      int own = Integer.lowestOneBit(due);
      int kind = Integer.numberOfTrailingZeros(own) % KINDS;
      steps.to(
          with(state, place, phase, held(state, place) | own),
          step(place, HEARS_SAYS_AND_CRASHES + kind, number));
    }
  }

  /**
   * Whether a step takes a party back from where it was for good; active is for good once the own
   * statement of it is stored.
   */
  boolean reverses(long before, long after) {
    for (int place = 0; place < honest; place++) {
      var from = judge(before, place, held(before, place)).status();
      var to = judge(after, place, held(after, place)).status();
      boolean reversed =
          switch (from) {
            case NONE, PENDING -> false;
            case ACTIVE -> says(before, place, ACTIVE) && !isActive(to);
            case USABLE, WITHDRAWN -> to != from;
          };
      if (reversed) {
        return true;
      }
    }
    return false;
  }

  /** What does not hold in a state. */
  Optional<Property> broken(long after) {
    boolean used = false;
    boolean active = false;
    boolean gone = false;
    boolean whole = true;
    for (int place = 0; place < honest; place++) {
      var verdict = judge(after, place, held(after, place));
      var status = verdict.status();
      used |= status == KeyStatus.USABLE;
      active |= isActive(status);
      whole &= isActive(status) && says(after, place, ACTIVE);
      gone |= status == KeyStatus.WITHDRAWN || phase(after, place) == OVER;
      if (isActive(status) && !holdsAll(after, place, CERTIFICATE)) {
        return Optional.of(Property.ALL_CERTIFIED);
      }
      if ((verdict.culprits() & (1 << honest) - 1) != 0
          || verdict.culprits() != contradictions(after, place)) {
        return Optional.of(Property.BLAME_IS_EXACT);
      }
    }
    if (used && !whole) {
      return Optional.of(Property.A_USED_KEY_IS_WHOLE);
    }
    if (strict && active && gone) {
      return Optional.of(Property.NO_SPLIT);
    }
    if (honestContradiction(existing(after))) {
      return Optional.of(Property.BLAME_IS_EXACT);
    }
    if (strict && !agree(settled(after))) {
      return Optional.of(Property.HONEST_PARTIES_AGREE);
    }
    return otherAttempts.computeIfAbsent(
            existing(after), noise -> rules.anotherAttemptEnds(honest, noise))
        ? Optional.empty()
        : Optional.of(Property.ANOTHER_ATTEMPT_SUCCEEDS);
  }

  private static boolean isActive(KeyStatus status) {
    return status == KeyStatus.ACTIVE || status == KeyStatus.USABLE;
  }

  private boolean says(long state, int place, int kind) {
    return (held(state, place) & bit(place, kind)) != 0;
  }

  private boolean holdsAll(long state, int place, int kind) {
    int all = Vocabulary.allOf(vocabulary.parties(), kind);
    return (held(state, place) & all) == all;
  }

  /** By the bits alone: who certified and also said that it never had a record. */
  private int contradictions(long state, int place) {
    int strangeCertificate =
        statementBits == vocabulary.parties() * KINDS || phase(state, place) == RECORDED
            ? 0
            : 1 << (vocabulary.parties() * KINDS);
    int last = vocabulary.parties() - 1;
    int culprits =
        (held(state, place) & strangeCertificate) != 0
                && (held(state, place) & bit(last, NEVER)) != 0
            ? 1 << last
            : 0;
    for (int other = 0; other < vocabulary.parties(); other++) {
      int both = bit(other, CERTIFICATE) | bit(other, NEVER);
      if ((held(state, place) & both) == both) {
        culprits |= 1 << other;
      }
    }
    return culprits;
  }

  private boolean honestContradiction(int exists) {
    for (int place = 0; place < honest; place++) {
      int both = bit(place, CERTIFICATE) | bit(place, NEVER);
      if ((exists & both) == both) {
        return true;
      }
    }
    return false;
  }

  /** The malicious fall silent, sessions end, and the honest hand each other all they hold. */
  private long settled(long state) {
    long now = state;
    for (int place = 0; place < honest; place++) {
      if (phase(now, place) == RUNNING) {
        now = with(now, place, OVER, held(now, place));
      }
    }
    while (true) {
      long next = now;
      for (int place = 0; place < honest; place++) {
        int heard = judge(next, place, held(next, place) | handed(next)).held();
        int due = judge(next, place, heard).due();
        next = with(next, place, phase(next, place), heard | Integer.lowestOneBit(due));
      }
      if (next == now) {
        return now;
      }
      now = next;
    }
  }

  private boolean agree(long state) {
    int active = 0;
    int used = 0;
    int pending = 0;
    for (int place = 0; place < honest; place++) {
      var status = judge(state, place, held(state, place)).status();
      active += isActive(status) ? 1 : 0;
      used += status == KeyStatus.USABLE ? 1 : 0;
      pending += status == KeyStatus.PENDING ? 1 : 0;
    }
    boolean decided = malicious != 0 || (pending == 0 && used == active);
    return (active == 0 || active == honest) && (used == 0 || used == honest) && decided;
  }

  private CommitRules.Verdict judge(long state, int place, int offered) {
    boolean recorded = phase(state, place) == RECORDED;
    var known = verdicts[2 * place + (recorded ? 1 : 0)];
    var verdict = known[offered];
    if (verdict == null) {
      verdict = rules.judge(place, recorded, offered);
      known[offered] = verdict;
    }
    return verdict;
  }

  private int handed(long state) {
    int handed = 0;
    for (int place = 0; place < honest; place++) {
      handed |= held(state, place);
    }
    return handed;
  }

  private int existing(long state) {
    return handed(state) | malicious | forgotten(state);
  }

  /** Sent, and not remembered by who sent it. */
  private int forgotten(long state) {
    return caller == Caller.FAITHFUL ? 0 : (int) (state >>> (honest * width));
  }

  private long sent(long state, int own) {
    return state | (long) own << (honest * width);
  }

  private int phase(long state, int place) {
    return (int) (state >>> (place * width + statementBits)) & (1 << PHASE_BITS) - 1;
  }

  private int held(long state, int place) {
    return (int) (state >>> (place * width)) & (1 << statementBits) - 1;
  }

  private long with(long state, int place, int phase, int held) {
    int shift = place * width;
    long mask = (1L << width) - 1;
    return (state & ~(mask << shift)) | ((long) phase << statementBits | held) << shift;
  }

  private static int step(int place, int event, int detail) {
    return place << 16 | event << 8 | detail;
  }

  /** A step in words. */
  String describe(int step) {
    var who = "party " + ((step >> 16) + 1);
    int event = step >> 8 & 0xff;
    int detail = step & 0xff;
    var said = vocabulary.texts().subList((step >> 16) * KINDS, (step >> 16) * KINDS + KINDS);
    if (event < CONCLUDES) {
      return who + " hears " + vocabulary.texts().get(event);
    }
    if (event >= HEARS_SAYS_AND_CRASHES && event < DISCARDS) {
      return "%s hears %s, says %s and crashes before it has stored what it heard"
          .formatted(who, vocabulary.texts().get(detail), said.get(event - HEARS_SAYS_AND_CRASHES));
    }
    return switch (event) {
      case CONCLUDES -> who + " records its share";
      case SESSION_ENDS -> who + "'s session ends without a record";
      case SAYS -> who + " says " + said.get(detail);
      case SAYS_AND_CRASHES ->
          who + " says " + said.get(detail) + " and crashes before it is stored";
      case DISCARDS -> who + " discards its record";
      default -> throw new IllegalArgumentException("step " + step);
    };
  }

  /** A state in words. */
  String describe(long state) {
    var text = new StringBuilder();
    for (int place = 0; place < honest; place++) {
      var verdict = judge(state, place, held(state, place));
      text.append("  party ")
          .append(place + 1)
          .append(": ")
          .append(verdict.status())
          .append(
              verdict.status() == KeyStatus.NONE
                  ? (phase(state, place) == OVER ? ", over" : ", running")
                  : "")
          .append(", holds ")
          .append(Arrays.toString(names(held(state, place))))
          .append('\n');
    }
    return text.toString();
  }

  private String[] names(int mask) {
    return java.util.stream.IntStream.range(0, statementBits)
        .filter(number -> (mask >> number & 1) == 1)
        .mapToObj(vocabulary.texts()::get)
        .toArray(String[]::new);
  }
}
