package io.sharekeep.pkcs11.probe;

import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to ask of a library.
 *
 * @param library path, pin, parameters and profile; the backend is always the native one
 * @param tokenLabel which of its tokens; without one, only what all of them say is told
 * @param pinFile the PIN's file; without one nobody logs in
 * @param trial whether to try, with throw-away keys, what an appliance needs; wants the PIN
 */
public record LibraryProbe(
    TokenLibrary library, Optional<String> tokenLabel, Optional<Path> pinFile, boolean trial) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What came of it. */
  public sealed interface Outcome {
    /**
     * The child told what it found.
     *
     * @param json one object: {@code library}, {@code tokens}, {@code checks} (each {@code check},
     *     {@code passed}, {@code expected}, {@code found}, {@code remedy}) and {@code evidence} (of
     *     each of our keys that is there)
     */
    record Told(String json) implements Outcome {}

    /**
     * The child did not come to an end by itself.
     *
     * @param message what happened, at which step, and what to do
     */
    record Broke(String message) implements Outcome {}
  }

  /** Without a token: what the library says of itself. */
  public static LibraryProbe of(TokenLibrary library) {
    return new LibraryProbe(library, Optional.empty(), Optional.empty(), false);
  }

  /** Starts a JVM that looks, and waits for it, two minutes at most. */
  public Outcome run() {
    var arguments = new ArrayList<String>();
    arguments.add(library.path().toAbsolutePath().toString());
    library.sha256().ifPresent(hash -> arguments.addAll(List.of("--sha256", hash)));
    library.parameters().ifPresent(text -> arguments.addAll(List.of("--parameters", text)));
    library
        .profile()
        .ifPresent(
            file -> arguments.addAll(List.of("--profile", file.toAbsolutePath().toString())));
    tokenLabel.ifPresent(label -> arguments.addAll(List.of("--token", label)));
    pinFile.ifPresent(
        file -> arguments.addAll(List.of("--pin-file", file.toAbsolutePath().toString())));
    if (trial) {
      arguments.add("--trial");
    }
    return switch (ChildJvm.run(ProbeMain.class, arguments, PATIENCE)) {
      case ChildJvm.Ended.Said(String lastLine) -> new Outcome.Told(lastLine);
      case ChildJvm.Ended.Broke(String how, String stage) ->
          new Outcome.Broke(
              "PKCS#11 library "
                  + library.path()
                  + " "
                  + how
                  + (stage.isEmpty() ? "" : " during " + stage)
                  + "; ask its vendor for a version for this system, and look at its own log");
    };
  }
}
