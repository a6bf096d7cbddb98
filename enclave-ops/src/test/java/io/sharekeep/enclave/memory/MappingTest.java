package io.sharekeep.enclave.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.ChildJvm;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class MappingTest {
  static List<SecretMode> modes() {
    return Modes.available();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void theKernelShowsTheFlagsThatWereAskedFor(SecretMode mode) throws Exception {
    var mapping = Mapping.map(mode, Linux.PAGE * 3);
    try (var arena = Arena.ofConfined()) {
      long address = mapping.data(arena).address();
      var flags = vmFlags(address);
      assertTrue(flags.containsAll(Set.of("rd", "wr", "lo", "dd")), flags.toString());
      assertTrue(
          flags.contains(
              switch (mode) {
                case MEMFD_SECRET -> "dc";
                case MLOCK -> "wf";
              }),
          flags.toString());
      for (long guard : new long[] {address - Linux.PAGE, address + mapping.length()}) {
        assertTrue(vmFlags(guard).stream().noneMatch(Set.of("rd", "wr", "ex")::contains));
      }
    } finally {
      mapping.unmap();
    }
  }

  @Test
  void onlyWholePagesAreMapped() {
    assertThrows(IllegalArgumentException.class, () -> Mapping.map(SecretMode.MLOCK, 100));
    assertThrows(IllegalArgumentException.class, () -> Mapping.map(SecretMode.MLOCK, 0));
  }

  @ParameterizedTest
  @CsvSource({"-1", "4096"})
  void touchingAGuardPageKillsTheProcess(long offset) throws Exception {
    for (var mode : modes()) {
      var ended = new ChildJvm().run(Overrun.class, mode.name(), Long.toString(offset));
      assertNotEquals(0, ended.exitCode());
      assertTrue(ended.output().contains("touching"), ended.output());
      assertTrue(ended.output().contains("SIGSEGV"), ended.output());
      assertEquals(-1, ended.output().indexOf("survived"), ended.output());
    }
  }

  /** Writes one byte beside a mapping of one page. */
  static final class Overrun {
    @SuppressWarnings("restricted") // reaches past a mapping on purpose
    public static void main(String[] arguments) throws Exception {
      var mapping = Mapping.map(SecretMode.valueOf(arguments[0]), Linux.PAGE);
      long offset = arguments[1].equals("-1") ? -1 : mapping.length();
      long address = mapping.data(Arena.global()).address() + offset;
      System.out.println("touching");
      java.lang.foreign.MemorySegment.ofAddress(address).reinterpret(1).set(JAVA_BYTE, 0, (byte) 1);
      System.out.println("survived");
    }
  }

  /** The VmFlags line of the mapping that holds an address. */
  private static Set<String> vmFlags(long address) throws Exception {
    boolean inside = false;
    for (var line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        String[] range = line.substring(0, line.indexOf(' ')).split("-", -1);
        inside =
            Long.parseUnsignedLong(range[0], 16) <= address
                && address < Long.parseUnsignedLong(range[1], 16);
      } else if (inside && line.startsWith("VmFlags:")) {
        return Set.of(line.substring("VmFlags:".length()).strip().split(" ", -1));
      }
    }
    throw new IllegalStateException("not mapped");
  }
}
