package io.sharekeep.attestation.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoteKeyTest {
  /** An id that is not the hash of this name and key. */
  private static final String EXAMPLE_KEY =
      "example.com/foo+530ad6e6+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  private static final String TEXT = "vault.example/1\n7\nAAAA\n";

  @Test
  void aKeyWhoseIdIsNotItsHashIsRefused() {
    assertTrue(NoteKey.parse(EXAMPLE_KEY).isEmpty());
    assertTrue(NoteKey.parse("nonsense").isEmpty());
    assertTrue(NoteKey.parse("a+b+c").isEmpty());
    assertTrue(NoteKey.parse("").isEmpty());
  }

  @Test
  void aWitnessCosignsTextAndTimeTogether() throws Exception {
    var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] spki = pair.getPublic().getEncoded();
    byte[] typed = new byte[33];
    typed[0] = 4;
    System.arraycopy(spki, spki.length - 32, typed, 1, 32);
    var key = NoteKey.parse(vkey("witness.example", typed)).orElseThrow();
    var signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(NoteKey.cosigned(1_800_000_000L, TEXT));
    var note = note(key, timed(1_800_000_000L, signer.sign()));
    assertEquals(new SignedNote.Verified.Signed(1_800_000_000L), note.by(key));
    var later = note(key, timed(1_800_000_001L, note.lines().getFirst().signature()));
    assertInstanceOf(SignedNote.Verified.Bad.class, later.by(key));
    assertEquals(
        new SignedNote.Verified.Signed(1_800_000_000L),
        SignedNote.read(note.bytes()).orElseThrow().by(key));
  }

  @Test
  void aPeerCosignsWithItsLogKeyAndThatIsNoCheckpointOfItsOwn() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    var pair = generator.generateKeyPair();
    var peer = NoteKey.peer("peer.example", pair.getPublic().getEncoded()).orElseThrow();
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(pair.getPrivate());
    signer.update(NoteKey.cosigned(5, TEXT));
    byte[] der = signer.sign();
    assertInstanceOf(SignedNote.Verified.Signed.class, note(peer, timed(5, der)).by(peer));
    var log = NoteKey.log("peer.example", pair.getPublic().getEncoded()).orElseThrow();
    assertInstanceOf(SignedNote.Verified.Bad.class, note(log, der).by(log));
    assertInstanceOf(SignedNote.Verified.Absent.class, note(peer, timed(5, der)).by(log));
  }

  private static SignedNote note(NoteKey key, byte[] signature) {
    return new SignedNote(TEXT, List.of(new SignedNote.Line(key.name(), key.id(), signature)));
  }

  private static byte[] timed(long time, byte[] signature) {
    return ByteBuffer.allocate(8 + signature.length).putLong(time).put(signature).array();
  }

  private static String vkey(String name, byte[] typed) throws Exception {
    var sha256 = java.security.MessageDigest.getInstance("SHA-256");
    sha256.update((name + "\n").getBytes(UTF_8));
    byte[] id = java.util.Arrays.copyOf(sha256.digest(typed), 4);
    return name
        + "+"
        + java.util.HexFormat.of().formatHex(id)
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }
}
