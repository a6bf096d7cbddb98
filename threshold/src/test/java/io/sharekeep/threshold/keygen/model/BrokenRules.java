package io.sharekeep.threshold.keygen.model;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.threshold.keygen.CommitLedger;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ledger's source with one guard taken out, compiled and loaded beside the real one: what shows
 * that the exploration would notice.
 */
final class BrokenRules {
  private static final String LEDGER = CommitLedger.class.getName();
  private static final List<String> OWN = List.of(LEDGER, LedgerRules.class.getName());
  private static final Path SOURCE = Path.of("src/main/java", LEDGER.replace('.', '/') + ".java");
  private static final Path ADAPTER =
      Path.of("src/test/java", LedgerRules.class.getName().replace('.', '/') + ".java");

  private BrokenRules() {}

  /**
   * @param guard text that stands in the ledger's source once
   * @param instead what to put in its place
   * @param directory empty, for the classes
   */
  static CommitRules.Maker without(String guard, String instead, Path directory)
      throws IOException, ReflectiveOperationException {
    var source = Files.readString(SOURCE);
    int at = source.indexOf(guard);
    if (at < 0 || source.indexOf(guard, at + 1) >= 0) {
      throw new AssertionError("not once in the ledger: " + guard);
    }
    var broken = Files.createDirectories(directory.resolve("source")).resolve("CommitLedger.java");
    Files.writeString(broken, source.replace(guard, instead));
    compile(directory, List.of(broken.toString(), ADAPTER.toString()));
    return (CommitRules.Maker)
        new Beside(classes(directory))
            .loadClass(LedgerRules.Maker.class.getName())
            .getDeclaredConstructor()
            .newInstance();
  }

  private static void compile(Path directory, List<String> files) {
    var path =
        Stream.of(CommitLedger.class, Cbor.class)
            .map(of -> Path.of(of.getProtectionDomain().getCodeSource().getLocation().getPath()))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    var options =
        Stream.of(
            "-nowarn",
            "-proc:none",
            "-implicit:none",
            "-d",
            directory.toString(),
            "-classpath",
            path,
            "-sourcepath",
            "src/test/java");
    var out = new StringWriter();
    int result =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(out),
                Stream.concat(options, files.stream()).toArray(String[]::new));
    if (result != 0) {
      throw new AssertionError("the broken ledger does not compile:\n" + out);
    }
  }

  private static Map<String, byte[]> classes(Path directory) throws IOException {
    var classes = new TreeMap<String, byte[]>();
    try (var files = Files.walk(directory)) {
      files
          .filter(file -> file.toString().endsWith(".class"))
          .forEach(file -> {
            var name = directory.relativize(file).toString().replace('/', '.');
            try {
              classes.put(name.substring(0, name.length() - 6), Files.readAllBytes(file));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    return classes;
  }

  /** Has its own ledger and adapter, and everything else from the tests' loader. */
  private static final class Beside extends ClassLoader {
    private final Map<String, byte[]> classes;

    Beside(Map<String, byte[]> classes) {
      super(BrokenRules.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        var loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        var bytes =
            OWN.stream().anyMatch(own -> name.equals(own) || name.startsWith(own + "$"))
                ? classes.get(name)
                : null;
        return bytes == null
            ? super.loadClass(name, resolve)
            : defineClass(name, bytes, 0, bytes.length);
      }
    }
  }
}
