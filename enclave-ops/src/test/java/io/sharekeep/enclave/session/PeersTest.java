package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.audit.LogKeys;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Suite;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rollback check of the first message (protocols, section 3.9), clause by clause. */
class PeersTest {
  @TempDir Path folder;

  private final LogKeys log = new LogKeys();
  private Store store;
  private Peers peers;
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");

  @BeforeEach
  void open() throws Exception {
    store = Store.open(folder);
    peers = new Peers(store, "acme", () -> now);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void restart() throws Exception {
    close();
    open();
  }

  private static byte[] root(int fill) {
    byte[] root = new byte[32];
    Arrays.fill(root, (byte) fill);
    return root;
  }

  private byte[] note(long size, int root) {
    return log.note(Peers.origin(log.spki()), size, root(root));
  }

  private static EnvelopeCertificate certificate(long serial) {
    return EnvelopeCertificate.issue(
        new EnvelopeCertificate.Body(
            new PartyId(2),
            Octets.of(root(1)),
            Octets.of(root(2)),
            Octets.of(new byte[16]),
            0,
            1,
            serial,
            Octets.of(root(3))),
        _ -> new byte[64]);
  }

  private static Envelope envelope(Optional<byte[]> note, long serial) {
    return new Envelope(
        Protocol.FROST_SIGN,
        Suite.FROST_ED25519,
        Octets.of(new byte[16]),
        1,
        Octets.of(new byte[32]),
        1,
        new PartyId(2),
        Optional.empty(),
        Optional.empty(),
        Octets.of(new byte[1]),
        1,
        Optional.of(certificate(serial)),
        note.map(Octets::of));
  }

  private Optional<Refusal> show(byte[] note) {
    return peers.accepted(envelope(Optional.of(note), 1), log.spki());
  }

  private Refusal refused(byte[] note) {
    var refusal = show(note).orElseThrow(() -> new AssertionError("accepted"));
    assertEquals(Refusal.Code.CHECKPOINT_BEHIND, refusal.code());
    return refusal;
  }

  private void accepted(byte[] note) {
    assertEquals(Optional.empty(), show(note));
  }

  private void pass(long seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }

  private void persist() {
    store.commit(tx -> {
      peers.persist(tx);
      return tx;
    });
  }

  @Test
  void aSmallerCheckpointIsRefusedWithTheRememberedOneAsProof() {
    byte[] newest = note(7, 7);
    accepted(note(5, 5));
    accepted(newest);
    pass(11);
    var refusal = refused(note(6, 6));
    assertEquals(
        "party 2: its log has 6 entries, but it has shown 7 before: it was set back",
        refusal.detail());
    var proof = refusal.remembered().orElseThrow();
    assertEquals(2, proof.party());
    assertArrayEquals(newest, proof.note());
    accepted(newest);
    accepted(note(8, 8));
  }

  @Test
  void anotherRootOfAKnownSizeIsRefusedAtOnce() {
    accepted(note(5, 5));
    accepted(note(7, 7));
    var fork = refused(note(7, 8));
    assertEquals("party 2: its log has two histories of 7 entries", fork.detail());
    assertTrue(fork.remembered().isPresent());
    // Also where the known one has been overtaken since.
    assertEquals("party 2: its log has two histories of 5 entries", refused(note(5, 6)).detail());
  }

  @Test
  void aCheckpointThatWasOvertakenWithinTenSecondsIsAccepted() {
    accepted(note(5, 5));
    pass(30);
    accepted(note(9, 9));
    pass(9);
    accepted(note(6, 6));
    pass(1);
    refused(note(6, 6));
  }

  @Test
  void aPeerThatIsAlwaysBusyIsHeldToWhatItShowedTenSecondsAgo() {
    for (int second = 0; second < 60; second++) {
      accepted(note(100 + second, 1));
      pass(1);
    }
    accepted(note(150, 1));
    refused(note(149, 1));
  }

  @Test
  void whatWasOvertakenDoesNotLowerWhatIsRemembered() throws Exception {
    accepted(note(9, 9));
    accepted(note(6, 6));
    persist();
    restart();
    refused(note(8, 8));
  }

  @Test
  void whatAPeerHasShownIsRememberedAcrossARestart() throws Exception {
    byte[] newest = note(7, 7);
    accepted(newest);
    persist();
    restart();
    var refusal = refused(note(6, 6));
    assertArrayEquals(newest, refusal.remembered().orElseThrow().note());
    assertEquals("party 2: its log has two histories of 7 entries", refused(note(7, 8)).detail());
    accepted(newest);
  }

  @Test
  void aCommitThatFailsLosesNothingOfWhatWasShown() throws Exception {
    accepted(note(7, 7));
    assertThrows(
        IllegalStateException.class,
        () ->
            store.commit(tx -> {
              peers.persist(tx);
              throw new IllegalStateException("undone");
            }));
    persist();
    restart();
    refused(note(6, 6));
    assertEquals(1, peers.highestSerial(Octets.of(root(1))));
  }

  @Test
  void aCheckpointThatAnotherKeyHasSignedOrAnotherLogIsNoneOfThePeers() {
    var other = new LogKeys();
    var origin = Peers.origin(log.spki());
    byte[] stranger = other.note(origin, 9, root(9));
    assertEquals("party 2: its log checkpoint is not signed by its log key", detail(stranger));
    assertEquals(
        "party 2: its log checkpoint is not signed by its log key",
        detail(log.note("sharekeep.log/other", 9, root(9))));
    byte[] bent = note(9, 9);
    bent[origin.length() + 1] ^= 1; // the size
    assertEquals("party 2: its log checkpoint is not signed by its log key", detail(bent));
    assertEquals(
        "party 2: its log checkpoint is not signed by its log key",
        detail("not a note".getBytes(US_ASCII)));
    // Nothing of it was remembered.
    accepted(note(1, 1));
  }

  private String detail(byte[] note) {
    var refusal = refused(note);
    assertEquals(Optional.empty(), refusal.remembered());
    return refusal.detail();
  }

  @Test
  void aFirstMessageWithoutACheckpointIsRefused() {
    var refusal =
        peers.accepted(envelope(Optional.empty(), 1), log.spki()).orElseThrow(AssertionError::new);
    assertEquals("party 2: it shows no log checkpoint", refusal.detail());
  }

  @Test
  void theHighestSerialGrowsIsRememberedAndIsNotTakenFromARefusedMessage() throws Exception {
    var identity = Octets.of(root(1));
    assertEquals(0, peers.highestSerial(identity));
    peers.accepted(envelope(Optional.of(note(5, 5)), 8), log.spki());
    assertEquals(8, peers.highestSerial(identity));
    peers.accepted(envelope(Optional.of(note(5, 5)), 7), log.spki());
    assertEquals(8, peers.highestSerial(identity));
    peers.accepted(envelope(Optional.of(note(5, 6)), 9), log.spki());
    assertEquals(8, peers.highestSerial(identity));
    persist();
    restart();
    assertEquals(8, peers.highestSerial(identity));
  }

  @Test
  void partiesAreRememberedApart() {
    var other = new LogKeys();
    accepted(note(50, 5));
    assertEquals(
        Optional.empty(),
        peers.accepted(
            envelope(Optional.of(other.note(Peers.origin(other.spki()), 3, root(3))), 1),
            other.spki()));
  }
}
