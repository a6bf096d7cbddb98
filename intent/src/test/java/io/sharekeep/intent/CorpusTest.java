package io.sharekeep.intent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The hostile and odd transactions of {@code corpus.txt}, one a line: from whose view it is read,
 * the kind or after {@code !} the refusal that is expected, what it is, and its bytes.
 */
class CorpusTest {
  private static final Path FILE = Path.of("src/test/resources/corpus.txt");

  static Stream<CorpusLine> lines() throws IOException {
    return Files.readAllLines(FILE).stream().map(CorpusLine::parse);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void eachIsAnsweredAsExpected(CorpusLine line) {
    var bytes = Bytes.ofHex(line.hex()).toArray();
    assertEquals(line.expected(), answer(line.view().decode(bytes)));
  }

  /** What a key's holder accepts, an onlooker reads too, and the bytes to sign are the same. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void anOnlookerReadsWhatTheSignerReads(CorpusLine line) {
    var bytes = Bytes.ofHex(line.hex()).toArray();
    if (line.view().decode(bytes) instanceof Decoding.Decoded(var intent)) {
      var seen = Answers.decoded(line.view().inspect(bytes));
      assertEquals(intent.kind(), seen.kind());
      assertEquals(intent.fee(), seen.fee());
      assertEquals(
          intent.inputs().stream().map(SigningInput::bytes).toList(),
          seen.inputs().stream().map(SigningInput::bytes).toList());
    }
  }

  /** A changed writer must not change what has been tested so far without a word. */
  @Test
  void theFileIsWhatItsWritersWrite() throws IOException {
    assertEquals(
        String.join("\n", CorpusLines.all().stream().map(CorpusLine::write).toList()),
        String.join("\n", Files.readAllLines(FILE)));
  }

  @Test
  void noTwoLinesAreOne() throws IOException {
    var seen = new HashSet<List<String>>();
    lines()
        .forEach(
            line -> assertTrue(seen.add(List.of(line.view().name(), line.hex())), line.name()));
    assertTrue(seen.size() >= 150, "only " + seen.size());
  }

  /** Otherwise a code could lose its last case unseen. */
  @Test
  void everyRefusalHasALine() throws IOException {
    var expected = new HashSet<String>();
    lines().forEach(line -> expected.add(line.expected()));
    var missing = new HashSet<String>();
    for (var code : RefusalCode.values()) {
      if (!expected.contains("!" + code.label())) {
        missing.add(code.label());
      }
    }
    // No payload can have an unknown purpose.
    assertEquals(Set.of(RefusalCode.PURPOSE_UNKNOWN.label()), missing);
  }

  private static String answer(Decoding decoding) {
    return switch (decoding) {
      case Decoding.Decoded(var intent) -> intent.kind().label();
      case Decoding.Refused(var code, _, _) -> "!" + code.label();
    };
  }

  /** Writes the file anew; what changed is for the author to judge. */
  public static void main(String[] arguments) throws IOException {
    Files.write(Path.of(arguments[0]), CorpusLines.all().stream().map(CorpusLine::write).toList());
  }
}
