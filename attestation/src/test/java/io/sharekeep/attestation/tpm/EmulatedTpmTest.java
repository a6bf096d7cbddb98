package io.sharekeep.attestation.tpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.evidence.Octets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client and the verifier against swtpm, where that is installed. */
class EmulatedTpmTest {
  private static final Path SWTPM = Path.of("/usr/bin/swtpm");

  @TempDir private Path folder;

  @Test
  void anEmulatorsQuoteAndCounterVerify() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(SWTPM), "SKIPPED ALOUD: no swtpm here, so no TPM answered our client");
    var socket = folder.resolve("s");
    var process =
        new ProcessBuilder(
                SWTPM.toString(),
                "socket",
                "--tpm2",
                "--tpmstate",
                "dir=" + folder,
                "--server",
                "type=unixio,path=" + socket,
                "--ctrl",
                "type=unixio,path=" + folder.resolve("c"),
                "--flags",
                "not-need-init,startup-clear")
            .inheritIO()
            .start();
    try {
      for (int i = 0; i < 100 && Files.notExists(socket); i++) {
        Thread.sleep(50);
      }
      try (var tpm = new Tpm(TpmChannel.unix(socket))) {
        talk(tpm);
      }
    } finally {
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static void talk(Tpm tpm) throws TpmFailure {
    var key = tpm.createKey();
    var bind = Octets.sha256(new byte[0]);
    var registers = new TreeSet<>(List.of(0, 7, 14));
    tpm.extend(14, bind);
    var values = tpm.read(registers);
    var quote = tpm.quote(key, bind, registers);
    assertTrue(
        TpmAttest.isSigned(key.spki().value(), quote.attest().value(), quote.signature().value()));
    var read = TpmAttest.read(quote.attest().value()).orElseThrow();
    assertEquals(bind, read.extraData());
    var subject = assertInstanceOf(TpmAttest.Subject.Quote.class, read.subject());
    assertEquals(registers, subject.registers());
    assertEquals(TpmAttest.digest(values), subject.digest());

    tpm.defineCounter(NvCounter.DEFAULT_INDEX);
    tpm.increment(NvCounter.DEFAULT_INDEX);
    long before = tpm.counter(NvCounter.DEFAULT_INDEX);
    tpm.increment(NvCounter.DEFAULT_INDEX);
    var certified = tpm.certify(key, NvCounter.DEFAULT_INDEX, bind);
    var counter =
        assertInstanceOf(
            TpmAttest.Subject.Counter.class,
            TpmAttest.read(certified.attest().value()).orElseThrow().subject());
    assertEquals(NvCounter.name(NvCounter.DEFAULT_INDEX), counter.name());
    assertEquals(before + 1, counter.value());
    tpm.flush(key);
  }
}
