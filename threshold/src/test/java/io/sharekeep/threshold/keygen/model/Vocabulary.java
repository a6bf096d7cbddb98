package io.sharekeep.threshold.keygen.model;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.keygen.Identity;
import io.sharekeep.threshold.keygen.SignedStatement;
import io.sharekeep.threshold.keygen.Statement;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Every statement that can be heard in one key generation, numbered, so that a set of them is a
 * mask. Four of each party come first, then what a malicious last party makes besides: a
 * certificate of another key, statements of another session and epoch, and statements in the name
 * of the first party with its own signature.
 *
 * @param signed by number
 * @param texts the same, for people
 */
public record Vocabulary(int parties, List<SignedStatement> signed, List<String> texts) {
  public static final int CERTIFICATE = 0;
  public static final int ACTIVE = 1;
  public static final int NEVER = 2;
  public static final int WITHDRAWAL = 3;
  public static final int KINDS = 4;

  public static final Octets SESSION = filled(1);
  public static final Octets CERTIFIED = filled(2);
  public static final long EPOCH = 1;

  public Vocabulary {
    signed = List.copyOf(signed);
    texts = List.copyOf(texts);
  }

  static Vocabulary of(int parties, boolean strange) {
    var signed = new ArrayList<SignedStatement>();
    var texts = new ArrayList<String>();
    for (int place = 0; place < parties; place++) {
      for (int kind = 0; kind < KINDS; kind++) {
        signed.add(by(place, regular(kind)));
        texts.add(
            (place + 1)
                + "'s "
                + List.of("certificate", "active", "never", "withdrawal").get(kind));
      }
    }
    if (strange) {
      int last = parties - 1;
      var other = filled(9);
      signed.add(by(last, new Statement.Certificate(SESSION, EPOCH, other)));
      signed.add(by(last, new Statement.Certificate(other, EPOCH, CERTIFIED)));
      signed.add(by(last, new Statement.Withdrawal(SESSION, EPOCH + 1, false)));
      for (int kind : new int[] {CERTIFICATE, ACTIVE, NEVER}) {
        signed.add(
            new SignedStatement(party(0), regular(kind), by(last, regular(kind)).signature()));
      }
      var name = (last + 1) + "'s ";
      texts.addAll(
          List.of(
              name + "certificate of another key",
              name + "certificate of another session",
              name + "never of another epoch",
              name + "forgery of 1's certificate",
              name + "forgery of 1's active",
              name + "forgery of 1's never"));
    }
    return new Vocabulary(parties, signed, texts);
  }

  private static SignedStatement by(int place, Statement statement) {
    return SignedStatement.of(party(place), statement, Identity.of(party(place))::sign);
  }

  private static Statement regular(int kind) {
    return switch (kind) {
      case CERTIFICATE -> new Statement.Certificate(SESSION, EPOCH, CERTIFIED);
      case ACTIVE -> new Statement.Active(SESSION, CERTIFIED);
      case NEVER -> new Statement.Withdrawal(SESSION, EPOCH, false);
      case WITHDRAWAL -> new Statement.Withdrawal(SESSION, EPOCH, true);
      default -> throw new IllegalArgumentException("kind " + kind);
    };
  }

  public static PartyId party(int place) {
    return new PartyId(place + 1);
  }

  /** The pins of the first {@code parties} parties. */
  public static SortedMap<PartyId, IdentityKey> pins(int parties) {
    var pins = new TreeMap<PartyId, IdentityKey>();
    IntStream.range(0, parties)
        .mapToObj(Vocabulary::party)
        .forEach(party -> pins.put(party, Identity.of(party).pin()));
    return pins;
  }

  public static int bit(int place, int kind) {
    return 1 << (place * KINDS + kind);
  }

  /** One kind of statement by the first {@code parties} parties. */
  static int allOf(int parties, int kind) {
    return IntStream.range(0, parties).map(place -> bit(place, kind)).reduce(0, (a, b) -> a | b);
  }

  public static Octets filled(int value) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return Octets.of(bytes);
  }
}
