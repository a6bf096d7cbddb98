package io.sharekeep.pkcs11.sun;

import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.cryptoki.Inspection;
import io.sharekeep.pkcs11.cryptoki.NativeToken;
import io.sharekeep.pkcs11.terms.KeyClass;
import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The child of {@link Clerk}: one errand at a token through the native backend. */
final class ClerkMain {
  private static final int LONGEST_PIN = 1024;

  private ClerkMain() {}

  /** Library, hash, parameters, profile, label, errand, and what it needs; the PIN on stdin. */
  public static void main(String[] arguments) {
    List<String> answer;
    try {
      var library =
          new TokenLibrary(
              Path.of(arguments[0]),
              optional(arguments[1]),
              optional(arguments[2]),
              optional(arguments[3]).map(Path::of),
              io.sharekeep.pkcs11.terms.Backend.NATIVE);
      var rest = Arrays.asList(arguments).subList(6, arguments.length);
      answer = answer(library, arguments[4], Clerk.Errand.valueOf(arguments[5]), rest);
    } catch (TokenException e) {
      answer = List.of("no", e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
    }
    System.out.println();
    System.out.println(Lines.of(answer));
  }

  private static List<String> answer(
      TokenLibrary library, String label, Clerk.Errand errand, List<String> words) {
    return switch (errand) {
      case LOCATE -> located(Inspection.of(library, _ -> {}), label);
      case FIND -> found(library, label, name(words));
      case GENERATE -> generated(library, label, name(words), words.get(2));
      case DESTROY -> destroyed(library, label, key(words));
      case EVIDENCE -> evidence(library, label, key(words));
    };
  }

  private static List<String> located(Inspection seen, String label) {
    var ours = seen.tokens().stream().filter(token -> token.label().equals(label)).toList();
    if (ours.isEmpty()) {
      throw new TokenException.TokenAbsent(
          label, seen.tokens().stream().map(Inspection.Found::label).sorted().toList());
    }
    if (ours.size() > 1) {
      throw new TokenException.TokenAmbiguous(
          label, "is the label of " + ours.size() + " tokens; give each a label of its own");
    }
    var token = ours.getFirst();
    return List.of(
        "yes",
        seen.path(),
        seen.sha256(),
        seen.cryptoki(),
        seen.manufacturer(),
        seen.description(),
        seen.version(),
        Long.toString(token.slot()),
        token.manufacturer(),
        token.model(),
        token.serial(),
        token.hardware(),
        token.firmware(),
        Long.toString(token.flags()),
        Long.toString(token.maxSessions()),
        token.mechanisms().stream().map(Object::toString).collect(Collectors.joining(",")));
  }

  private static List<String> found(TokenLibrary library, String label, KeyName name) {
    return with(
        library,
        label,
        token -> token.find(name).map(key -> List.of("yes", key.id())).orElse(List.of("none")));
  }

  private static List<String> generated(
      TokenLibrary library, String label, KeyName name, String kind) {
    return with(
        library,
        label,
        token -> {
          var key = token.generate(new KeySpec(name, KeySpec.Kind.valueOf(kind)));
          if (name.keyClass() == KeyClass.PRIVATE) {
            token.certify(key, KeyCertificate.of(token, key));
          }
          return List.of("yes", key.id());
        });
  }

  private static List<String> destroyed(TokenLibrary library, String label, KeyRef key) {
    return with(
        library,
        label,
        token -> {
          token.destroy(key);
          return List.of("yes");
        });
  }

  private static List<String> evidence(TokenLibrary library, String label, KeyRef key) {
    return with(
        library,
        label,
        token -> {
          var evidence = token.evidence(key);
          var words = new ArrayList<String>();
          words.addAll(List.of("yes", Instant.now().toString()));
          evidence
              .exemptions()
              .forEach(exemption ->
                  words.addAll(
                      List.of(
                          "exempt",
                          exemption.attribute(),
                          exemption.found(),
                          exemption.profile())));
          evidence
              .findings()
              .forEach(finding ->
                  words.addAll(List.of("finding", finding.attribute(), finding.found(), "")));
          return words;
        });
  }

  private static List<String> with(
      TokenLibrary library, String label, Function<NativeToken, List<String>> work) {
    var pin = new StandardInput();
    try (var token =
        NativeToken.open(TokenConfiguration.of(library, label).patience(Duration.ofSeconds(30)))) {
      token.login(pin);
      return work.apply(token);
    } finally {
      pin.wipe();
    }
  }

  private static KeyName name(List<String> words) {
    return new KeyName(KeyClass.valueOf(words.get(0)), words.get(1));
  }

  private static KeyRef key(List<String> words) {
    return new KeyRef(name(words), words.get(2));
  }

  private static Optional<String> optional(String word) {
    return Optional.of(word).filter(text -> !text.isEmpty());
  }

  /** Native memory only, here too: read once, and kept for as long as this errand takes. */
  private static final class StandardInput implements PinSource {
    private final MemorySegment pin;

    StandardInput() {
      var room = Arena.global().allocate(LONGEST_PIN);
      try (var in = new FileInputStream(FileDescriptor.in).getChannel()) {
        var buffer = room.asByteBuffer();
        while (buffer.hasRemaining() && in.read(buffer) >= 0) {
          // to the end
        }
        pin = room.asSlice(0, buffer.position());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public <R> R withPin(Function<MemorySegment, R> use) {
      return use.apply(pin);
    }

    void wipe() {
      pin.fill((byte) 0);
    }
  }
}
