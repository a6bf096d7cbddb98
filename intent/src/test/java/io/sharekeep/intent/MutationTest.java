package io.sharekeep.intent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MutationTest {
  private record Sample(Purpose purpose, byte[] payload, Account account) {
    Decoding decode(byte[] payload) {
      return Decoders.decode(purpose, payload, account);
    }
  }

  private static final List<Sample> SAMPLES = samples();

  private static List<Sample> samples() {
    var wire = Vectors.hex("solana.wire").toArray();
    var message = Arrays.copyOfRange(wire, 65, wire.length);
    return List.of(
        new Sample(Purpose.SOL_TX, message, new Account(ChainId.SOLANA, Bytes.of(message, 4, 36))),
        new Sample(
            Purpose.BTC_TX,
            Vectors.hex("bip371.valid.0").toArray(),
            new Account(ChainId.BITCOIN_TESTNET3, PsbtText.OURS)),
        new Sample(
            Purpose.BTC_TX,
            Vectors.hex("bip371.valid.2").toArray(),
            new Account(ChainId.BITCOIN_TESTNET3, PsbtText.OURS)));
  }

  /** Every bit of every byte: what people approve always names what is signed. */
  @Test
  void noMutatedByteYieldsTheSameIntentWithOtherBytesToSign() {
    for (var sample : SAMPLES) {
      var original = Answers.decoded(sample.decode(sample.payload()));
      for (int at = 0; at < sample.payload().length; at++) {
        for (int bit = 0; bit < 8; bit++) {
          var mutated = sample.payload().clone();
          mutated[at] ^= (byte) (1 << bit);
          if (sample.decode(mutated) instanceof Decoding.Decoded(var intent)
              && intent.intentHash().equals(original.intentHash())) {
            assertEquals(original.inputs(), intent.inputs(), "byte " + at);
          }
        }
      }
    }
  }

  @Test
  void solanaMessagesThatAreAcceptedAreWrittenTheSameAgain() {
    var sample = SAMPLES.getFirst();
    for (int at = 0; at < sample.payload().length; at++) {
      var mutated = sample.payload().clone();
      mutated[at] ^= 1;
      if (sample.decode(mutated) instanceof Decoding.Decoded) {
        assertArrayEquals(mutated, SolanaMessage.parse(mutated).encode());
      }
    }
  }

  static LongStream seeds() {
    return new SplittableRandom(20261123).longs(300);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void cutAndSplicedPayloadsAreAnsweredNeverThrown(long seed) {
    var random = new SplittableRandom(seed);
    for (var sample : SAMPLES) {
      var payload = sample.payload().clone();
      for (int i = 0; i <= random.nextInt(8); i++) {
        int from = random.nextInt(payload.length);
        int to = random.nextInt(payload.length);
        int length = random.nextInt(1 + Math.min(40, payload.length - Math.max(from, to)));
        System.arraycopy(payload, from, payload, to, length);
        payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
      }
      var decoding = sample.decode(Arrays.copyOf(payload, 1 + random.nextInt(payload.length + 9)));
      if (decoding instanceof Decoding.Refused(var code, var offset, var detail)) {
        assertFalse(detail.isBlank(), code.label());
        assertFalse(offset < 0 || offset > payload.length + 10, "offset " + offset);
      }
    }
  }
}
