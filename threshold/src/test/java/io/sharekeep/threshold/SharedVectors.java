package io.sharekeep.threshold;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the published vector files lie on this machine, if they do. */
public final class SharedVectors {
  private SharedVectors() {}

  /** {@code SHAREKEEP_VECTORS}, or {@code shared/vectors} beside the repository or above it. */
  public static Optional<Path> file(String name) {
    return Stream.concat(
            Optional.ofNullable(System.getenv("SHAREKEEP_VECTORS")).map(Path::of).stream(),
            ancestors().map(directory -> directory.resolve("shared", "vectors")))
        .map(folder -> folder.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static Stream<Path> ancestors() {
    return Stream.<@Nullable Path>iterate(
            Path.of("").toAbsolutePath(), p -> p != null, p -> p == null ? null : p.getParent())
        .flatMap(Stream::ofNullable);
  }
}
