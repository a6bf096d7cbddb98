package io.sharekeep.enclave.rules;

import io.sharekeep.intent.Bytes;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Reads the arguments of a call whose interface the policy pins: one word of 32 bytes for each,
 * nothing else, padded as the ABI wants it. What is not exactly that is not read.
 */
final class CallArguments {
  private static final int WORD = 32;
  private static final int ADDRESS = 20;

  private CallArguments() {}

  /** Whether all bounds hold. */
  static Verdict hold(Match.Invocation invocation, Bytes encoded) {
    byte[] bytes = encoded.toArray();
    var arguments = invocation.method().arguments();
    if (bytes.length != WORD * arguments.size()) {
      return new Verdict.Failed("the call is not of the form of " + invocation.name());
    }
    var words = new byte[arguments.size()][];
    for (int i = 0; i < words.length; i++) {
      words[i] = Arrays.copyOfRange(bytes, WORD * i, WORD * (i + 1));
      if (!isPadded(arguments.get(i).type(), words[i])) {
        return new Verdict.Failed("argument " + arguments.get(i).name() + " is padded wrongly");
      }
    }
    for (var bound : invocation.arguments()) {
      var argument = arguments.get(bound.position());
      if (!holds(bound, argument.type(), words[bound.position()])) {
        return new Verdict.Unmatched("argument " + argument.name() + " is out of bounds");
      }
    }
    return new Verdict.Matched();
  }

  private static boolean isPadded(Interface.Type type, byte[] word) {
    return switch (type) {
      case UINT, BYTES32 -> true;
      case ADDRESS -> isZero(word, WORD - ADDRESS);
      case BOOL -> isZero(word, WORD - 1) && (word[WORD - 1] == 0 || word[WORD - 1] == 1);
    };
  }

  private static boolean isZero(byte[] word, int length) {
    for (int i = 0; i < length; i++) {
      if (word[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(Match.Bound bound, Interface.Type type, byte[] word) {
    return switch (type) {
      case UINT -> {
        var value = new BigInteger(1, word);
        yield bound.least().map(least -> value.compareTo(least) >= 0).orElse(true)
            && bound.most().map(most -> value.compareTo(most) <= 0).orElse(true);
      }
      case ADDRESS ->
          bound.in().contains("0x" + HexFormat.of().formatHex(word, WORD - ADDRESS, WORD));
      case BYTES32 -> bound.in().contains("0x" + HexFormat.of().formatHex(word));
      case BOOL -> bound.in().contains(word[WORD - 1] == 1 ? "true" : "false");
    };
  }
}
