package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real library behind one that misbehaves on demand, compiled for the test. */
@SuppressWarnings("restricted") // loads what it compiled
public final class CompiledShim implements AutoCloseable {
  /** What it can be told; the numbers are those of the enum in shim.c. */
  public enum Setting {
    /** 1: C_Sign and C_GenerateRandom do not come back until it is 0 again. */
    HANG(0),
    /** Every call answers this: the token is gone. */
    ABSENT(1),
    /** C_GenerateKey and C_GenerateKeyPair answer this. */
    GENERATE(2),
    /** C_Login answers this. */
    LOGIN(3),
    /** 1: writes an IV of its own over the caller's; 2: appends one of 16 bytes. */
    IV(4),
    /** C_OpenSession answers this. */
    OPEN_SESSION(5),
    /** 1: no AES-GCM; 2: no AES-CBC either; 3: no RSA-OAEP either. */
    NO_MECHANISMS(6),
    /** 1: signatures are DER. */
    DER(7),
    /** How often somebody logged in for one use of a key, which always works. */
    CONTEXT(8),
    /** How often C_CloseSession was asked for. */
    CLOSED(9),
    /**
     * How many of the next C_Decrypt refuse the ciphertext, as under another key; −1: the next one
     * logs out and fails.
     */
    REFUSALS(10),
    /** 1: another token of the same label is there, by its serial. */
    SERIAL(11);

    private final int number;

    Setting(int number) {
      this.number = number;
    }
  }

  private final Path library;

  private CompiledShim(Path library) {
    this.library = library;
  }

  /** Skips the test, with the reason, where there is no C compiler. */
  public static CompiledShim before(Path real, Path directory, String... flags) {
    var compiler =
        List.of(Path.of("/usr/bin/cc"), Path.of("/usr/bin/gcc")).stream()
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(compiler.isPresent(), "no C compiler: apt install gcc libc6-dev");
    try {
      var library = directory.resolve("libshim" + flags.length + ".so");
      var source = Files.createTempFile(directory, "shim", ".c");
      try (var text = CompiledShim.class.getResourceAsStream("shim.c")) {
        Files.write(source, java.util.Objects.requireNonNull(text).readAllBytes());
      }
      var command = new ArrayList<String>();
      command.addAll(List.of(compiler.get().toString(), "-shared", "-fPIC", "-w", "-O1"));
      command.add("-DREAL=\"" + real + "\"");
      command.addAll(List.of(flags));
      command.addAll(List.of("-o", library.toString(), source.toString(), "-ldl"));
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("the shim does not compile: " + output);
      }
      return new CompiledShim(library);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Path library() {
    return library;
  }

  public void set(Setting what, long value) {
    try {
      Linker.nativeLinker()
          .downcallHandle(
              symbols().find("shim_set").orElseThrow(),
              FunctionDescriptor.ofVoid(JAVA_INT, JAVA_LONG))
          .invokeWithArguments(what.number, value);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  public long get(Setting what) {
    try {
      return (long)
          Linker.nativeLinker()
              .downcallHandle(
                  symbols().find("shim_get").orElseThrow(),
                  FunctionDescriptor.of(JAVA_LONG, JAVA_INT))
              .invokeWithArguments(what.number);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private SymbolLookup symbols() {
    return SymbolLookup.libraryLookup(library, Arena.global());
  }

  /** Behaves from now on. */
  @Override
  public void close() {
    for (var what : Setting.values()) {
      set(what, 0);
    }
  }
}
