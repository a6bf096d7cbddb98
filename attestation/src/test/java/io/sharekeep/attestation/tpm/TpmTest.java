package io.sharekeep.attestation.tpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.appraise.SoftKeys;
import io.sharekeep.attestation.appraise.SoftTpm;
import io.sharekeep.attestation.evidence.Octets;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's bytes, held against appendix A of the design by a TPM that only plays a part. */
class TpmTest {
  private static final HexFormat HEX = HexFormat.of();

  @TempDir private Path folder;

  private final List<String> commands = new ArrayList<>();

  /** Runs a conversation with a TPM that gives these responses in turn. */
  private <T> T with(List<byte[]> responses, Talk<T> talk) throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("tpm"));
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      var thread = Thread.ofPlatform().start(() -> serve(server, responses));
      try (var tpm = new Tpm(TpmChannel.unix(folder.resolve("tpm")))) {
        return talk.with(tpm);
      } finally {
        thread.join(5000);
      }
    }
  }

  /** What is done with a TPM. */
  private interface Talk<T> {
    T with(Tpm tpm) throws Exception;
  }

  private void serve(ServerSocketChannel server, List<byte[]> responses) {
    try (SocketChannel client = server.accept()) {
      for (byte[] response : responses) {
        var header = read(client, 10);
        int size = ByteBuffer.wrap(header).getInt(2);
        byte[] command = Arrays.copyOf(header, size);
        System.arraycopy(read(client, size - 10), 0, command, 10, size - 10);
        commands.add(HEX.formatHex(command));
        // In two pieces, as a socket may deliver it.
        client.write(ByteBuffer.wrap(response, 0, 7));
        client.write(ByteBuffer.wrap(response, 7, response.length - 7));
      }
    } catch (IOException e) {
      commands.add("broken: " + e);
    }
  }

  private static byte[] read(SocketChannel client, int length) throws IOException {
    var bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && client.read(bytes) >= 0) {
      // Reads on until all is there.
    }
    return bytes.array();
  }

  private static byte[] response(int tag, int code, String body) {
    byte[] bytes = HEX.parseHex(body);
    return ByteBuffer.allocate(10 + bytes.length)
        .putShort((short) tag)
        .putInt(10 + bytes.length)
        .putInt(code)
        .put(bytes)
        .array();
  }

  @Test
  void aQuoteIsAskedForByteForByteAndItsSignatureIsPadded() throws Exception {
    var attest = "ff54434780180000";
    // One integer of the signature is short, and the TPM first says RETRY.
    var parameters = "0008" + attest + "0018000b" + "0002aabb" + "0020" + "11".repeat(32);
    var sessions = "%08x".formatted(parameters.length() / 2) + parameters + "0000000000";
    var signed =
        with(
            List.of(response(0x8001, 0x922, ""), response(0x8002, 0, sessions)),
            tpm ->
                tpm.quote(
                    new Tpm.Key(0x80000001, new Octets(new byte[1])),
                    new Octets(new byte[] {1, 2}),
                    new TreeSet<>(List.of(0, 7, 14))));
    assertEquals(attest, signed.attest().toString());
    assertEquals("00".repeat(30) + "aabb" + "11".repeat(32), signed.signature().toString());
    assertEquals(2, commands.size());
    assertEquals(commands.get(0), commands.get(1), "sent again as it was");
    assertEquals(
        "8002"
            + "0000002b"
            + "00000158"
            + "80000001"
            + "00000009"
            + "40000009"
            + "0000000000"
            + "0002"
            + "0102"
            + "0010"
            + "00000001"
            + "000b"
            + "03"
            + "814000",
        commands.getFirst());
  }

  @Test
  void aCounterIsCertifiedWithTwoSessions() throws Exception {
    var parameters = "0001ff0018000b" + "000101" + "000102";
    var body = "%08x".formatted(parameters.length() / 2) + parameters + "0000000000".repeat(2);
    with(
        List.of(response(0x8002, 0, body)),
        tpm ->
            tpm.certify(
                new Tpm.Key(0x80000001, new Octets(new byte[1])),
                NvCounter.DEFAULT_INDEX,
                new Octets(new byte[] {9})));
    assertEquals(
        "8002"
            + "00000035"
            + "00000184"
            + "80000001"
            + "01805348"
            + "01805348"
            + "00000012"
            + "400000090000000000".repeat(2)
            + "0001"
            + "09"
            + "0010"
            + "0008"
            + "0000",
        commands.getFirst());
  }

  @Test
  void anErrorCarriesTheTpmsCode() throws Exception {
    var failure =
        assertThrows(
            TpmFailure.class,
            () ->
                with(
                    List.of(response(0x8001, 0x14c, "")),
                    tpm -> {
                      tpm.defineCounter(NvCounter.DEFAULT_INDEX);
                      return tpm;
                    }));
    assertEquals(0x14c, failure.code());
    assertTrue(commands.getFirst().endsWith("0000" + "000e" + "01805348000b020600140000" + "0008"));
  }

  @Test
  void aResponseCutShortIsAFailureAndNoCrash() throws Exception {
    for (var body : List.of("", "0000", "00000010ff", "00000002ffff")) {
      commands.clear();
      java.nio.file.Files.deleteIfExists(folder.resolve("tpm"));
      assertThrows(
          TpmFailure.class,
          () ->
              with(List.of(response(0x8002, 0, body)), tpm -> tpm.counter(NvCounter.DEFAULT_INDEX)),
          body);
    }
  }

  @Test
  void whereNoTpmIsSaysSo() {
    assertThrows(TpmFailure.class, () -> TpmChannel.unix(folder.resolve("none")));
    assertThrows(TpmFailure.class, () -> TpmChannel.device(folder.resolve("none")));
  }

  /** Every byte of a statement matters, and none is too many or too few. */
  @Test
  void aStatementIsParsedStrictly() {
    var soft = new SoftTpm(SoftKeys.p256());
    var registers = new TreeMap<Integer, Octets>();
    registers.put(7, new Octets(new byte[32]));
    for (var signed : List.of(soft.quote(new byte[32], registers), soft.certify(new byte[32]))) {
      byte[] attest = signed.attest().value();
      assertTrue(TpmAttest.read(attest).isPresent());
      assertTrue(TpmAttest.isSigned(SoftKeys.spki(soft.key), attest, signed.signature().value()));
      for (int length = 0; length < attest.length; length++) {
        assertTrue(TpmAttest.read(Arrays.copyOf(attest, length)).isEmpty(), "" + length);
      }
      assertTrue(TpmAttest.read(Arrays.copyOf(attest, attest.length + 1)).isEmpty());
      attest[60] ^= 1;
      assertFalse(TpmAttest.isSigned(SoftKeys.spki(soft.key), attest, signed.signature().value()));
    }
  }

  @Test
  void anEventLogIsReplayedStrictly() {
    var events = new TreeMap<Integer, byte[]>();
    events.put(4, new byte[32]);
    events.put(7, Octets.sha256(new byte[0]).value());
    byte[] log = SoftTpm.eventLog(events);
    assertEquals(SoftTpm.registers(events), EventLog.replay(log).orElseThrow());
    int first = log.length - 2 * (14 + 32 + 6);
    for (int length = 0; length < log.length; length++) {
      boolean whole = length == first || length == first + 52;
      assertEquals(whole, EventLog.replay(Arrays.copyOf(log, length)).isPresent(), "" + length);
    }
  }
}
