package io.sharekeep.pkcs11.sun;

import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.probe.ChildJvm;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.KeyExists;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.LibraryRejected;
import io.sharekeep.pkcs11.terms.TokenException.NotWritable;
import io.sharekeep.pkcs11.terms.TokenException.PinIncorrect;
import io.sharekeep.pkcs11.terms.TokenException.PinLocked;
import io.sharekeep.pkcs11.terms.TokenException.TokenAbsent;
import io.sharekeep.pkcs11.terms.TokenException.TokenAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.Unavailable;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs errands at a token in a child process: what the provider has no way to do. */
final class Clerk {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final TokenLibrary library;
  private final String label;

  /** What a child can do; it ends after one. */
  enum Errand {
    LOCATE,
    FIND,
    GENERATE,
    DESTROY,
    EVIDENCE
  }

  Clerk(TokenLibrary library, String label) {
    this.library = library;
    this.label = label;
  }

  Located locate() {
    return Located.read(label, errand(Errand.LOCATE, Optional.empty(), List.of()));
  }

  Optional<KeyRef> find(PinSource pin, KeyName name) {
    var answer = errand(Errand.FIND, Optional.of(pin), words(name), name);
    return answer.getFirst().equals("none")
        ? Optional.empty()
        : Optional.of(new KeyRef(name, answer.get(1)));
  }

  KeyRef generate(PinSource pin, KeySpec spec) {
    var words = new ArrayList<>(words(spec.name()));
    words.add(spec.kind().name());
    return new KeyRef(
        spec.name(), errand(Errand.GENERATE, Optional.of(pin), words, spec.name()).get(1));
  }

  void destroy(PinSource pin, KeyRef key) {
    errand(Errand.DESTROY, Optional.of(pin), words(key), key);
  }

  KeyEvidence evidence(PinSource pin, KeyRef key) {
    var answer = errand(Errand.EVIDENCE, Optional.of(pin), words(key), key);
    var findings = new ArrayList<KeyEvidence.Finding>();
    var exemptions = new ArrayList<KeyEvidence.Exemption>();
    findings.add(new KeyEvidence.Finding("read by another process at", answer.get(1)));
    for (int i = 2; i + 3 < answer.size(); i += 4) {
      if (answer.get(i).equals("exempt")) {
        exemptions.add(
            new KeyEvidence.Exemption(answer.get(i + 1), answer.get(i + 2), answer.get(i + 3)));
      } else {
        findings.add(new KeyEvidence.Finding(answer.get(i + 1), answer.get(i + 2)));
      }
    }
    return new KeyEvidence(key, findings, exemptions);
  }

  private static List<String> words(KeyName name) {
    return List.of(name.keyClass().name(), name.label());
  }

  private static List<String> words(KeyRef key) {
    return List.of(key.name().keyClass().name(), key.name().label(), key.id());
  }

  private List<String> errand(
      Errand errand, Optional<PinSource> pin, List<String> words, Object... about) {
    var arguments = new ArrayList<String>();
    arguments.add(library.path().toAbsolutePath().toString());
    arguments.add(library.sha256().orElse(""));
    arguments.add(library.parameters().orElse(""));
    arguments.add(library.profile().map(file -> file.toAbsolutePath().toString()).orElse(""));
    arguments.add(label);
    arguments.add(errand.name());
    arguments.addAll(words);
    return switch (ChildJvm.run(ClerkMain.class, arguments, pin, PATIENCE)) {
      case ChildJvm.Ended.Broke(var how, _) -> throw new LibraryRejected(library.path(), how);
      case ChildJvm.Ended.Said(var line) -> {
        var answer = Lines.read(line);
        if (answer.getFirst().equals("no")) {
          throw failure(answer.get(1), answer.get(2), Arrays.asList(about));
        }
        yield answer;
      }
    };
  }

  /** The child's failure, as if it had happened here. */
  private TokenException failure(String type, String message, List<Object> about) {
    Object key = about.isEmpty() ? "" : about.getFirst();
    var words = message.replaceFirst("^(token '" + label + "'|PKCS#11 library \\S+) ", "");
    return switch (type) {
      case "PinIncorrect" -> new PinIncorrect(label);
      case "PinLocked" -> new PinLocked(label);
      case "KeyExists" -> new KeyExists(label, key);
      case "KeyMissing" -> new KeyMissing(label, key);
      case "KeyAmbiguous" -> new KeyAmbiguous(label, key);
      case "NotWritable" -> new NotWritable(label, words);
      case "Unsupported" -> new Unsupported(label, words.replaceFirst("^does not support ", ""));
      case "TokenAbsent" -> new TokenAbsent(label, present(words));
      case "TokenAmbiguous" -> new TokenAmbiguous(label, words);
      case "LibraryRejected" -> new LibraryRejected(library.path(), words);
      case "ProfileRejected" ->
          new TokenException.ProfileRejected("", words.replaceFirst("^profile ", ""));
      default -> new Unavailable(label, words);
    };
  }

  private static List<String> present(String message) {
    int open = message.lastIndexOf('[');
    return open < 0
        ? List.of()
        : List.of(message.substring(open + 1, message.length() - 1).split(", "));
  }

  /** What the child saw of library and token. */
  record Located(
      Path path,
      String sha256,
      String cryptoki,
      String libraryManufacturer,
      String description,
      String version,
      long slot,
      String label,
      String manufacturer,
      String model,
      String serial,
      String hardware,
      String firmware,
      long flags,
      long maxSessions,
      List<Long> mechanisms) {
    static Located read(String label, List<String> words) {
      return new Located(
          Path.of(words.get(1)),
          words.get(2),
          words.get(3),
          words.get(4),
          words.get(5),
          words.get(6),
          Long.parseLong(words.get(7)),
          label,
          words.get(8),
          words.get(9),
          words.get(10),
          words.get(11),
          words.get(12),
          Long.parseLong(words.get(13)),
          Long.parseLong(words.get(14)),
          Arrays.stream(words.get(15).split(",")).map(Long::parseLong).toList());
    }
  }
}
