package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A party whose disk was set back, copied or altered, and what its peers and itself make of it. */
@SoftTokens
class RollbackTest {
  private static Parties parties;
  private static KeyDescription key;
  private static Path home;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
    home = directory;
    parties =
        Parties.start(
            directory,
            tokens,
            3,
            Map.of("three", new Shape(2, List.of(List.of(1), List.of(2), List.of(3)))));
    key = parties.generate("three", Scheme.FROST_ED25519);
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  private static Outcome sign(Integer... signers) {
    var order = parties.order(key);
    return Relay.run(parties.all(), parties.propose(List.of(signers), order), order);
  }

  /** The folder of a stopped party. */
  private static Path copy(int party, String name) throws IOException {
    return copy(parties.configuration(party).stateDirectory(), home.resolve(name));
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  private static void restore(int party, Path copy) throws IOException {
    var folder = parties.configuration(party).stateDirectory();
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    copy(copy, folder);
  }

  @Test
  void aPartyWhoseDiskWasSetBackIsRefusedByItsPeersAndFailsWhenItIsShownTheProof()
      throws Exception {
    parties.stop(3);
    var old = copy(3, "old");
    parties.start(3);
    assertInstanceOf(Outcome.Signed.class, sign(2, 3));
    parties.wait(Duration.ofSeconds(2));
    assertInstanceOf(Outcome.Signed.class, sign(2, 3));
    parties.wait(Duration.ofSeconds(11));
    parties.stop(3);
    var newest = copy(3, "newest");
    restore(3, old);
    parties.start(3);
    assertEquals(State.OPERATIONAL, parties.enclave(3).status().state());

    var order = parties.order(key);
    var ready = parties.propose(List.of(2, 3), order);
    var opened = Relay.open(parties.all(), ready, order);
    var step = new StepRequest(2, Optional.empty(), Relay.inbox(2, opened));
    var refusal =
        assertInstanceOf(StepReply.Refused.class, parties.enclave(2).step(ready.locator(), step))
            .refusal();
    assertEquals(Code.CHECKPOINT_BEHIND, refusal.code());
    assertTrue(refusal.detail().endsWith("it was set back"), refusal.detail());
    var proof = refusal.remembered().orElseThrow();
    assertEquals(3, proof.party());

    // The session is over: asking again gives no share, and nobody is blamed or banned.
    var again =
        assertInstanceOf(StepReply.Finished.class, parties.enclave(2).step(ready.locator(), step));
    var aborted = assertInstanceOf(Outcome.Aborted.class, again.outcome());
    assertEquals("checkpoint-behind", aborted.fault());
    assertEquals(List.of(), aborted.culprits());

    fails(3, proof);
    parties.stop(3);
    parties.start(3);
    assertEquals(State.FAILED, parties.enclave(3).status().state(), "a restart cures nothing");
    assertTrue(reason(3).contains("was set back or copied"), reason(3));

    parties.stop(3);
    restore(3, newest);
    parties.start(3);
    assertEquals(State.OPERATIONAL, parties.enclave(3).status().state());
    assertInstanceOf(Outcome.Signed.class, sign(2, 3));
  }

  private static String reason(int party) {
    return parties.enclave(party).status().reason().orElse("");
  }

  private static void fails(int party, Refusal.Remembered proof) {
    var enclave = parties.enclave(party);
    enclave.shown("no note".getBytes(US_ASCII));
    byte[] bent = proof.note();
    bent[bent.length / 2] ^= 1;
    enclave.shown(bent);
    enclave.shown(((Core) parties.enclave(2)).desk().log().freshCheckpoint().note());
    enclave.shown(((Core) enclave).desk().log().freshCheckpoint().note());
    assertEquals(State.OPERATIONAL, enclave.status().state(), "none of these proves anything");
    enclave.shown(proof.note());
    assertEquals(State.FAILED, enclave.status().state());
    assertTrue(reason(party).contains("was set back or copied"), reason(party));
    assertEquals(1, enclave.keys().size());
    var refused =
        assertInstanceOf(
            Proposal.Refused.class, enclave.propose(parties.order(key), Set.of(1, 2, 3)));
    assertEquals(Code.STATE, refused.refusal().code());
    var step =
        assertInstanceOf(
            StepReply.Refused.class,
            enclave.step(new byte[32], new StepRequest(2, Optional.empty(), List.of())));
    assertEquals(Code.STATE, step.refusal().code());
  }

  @Test
  void aLogThatDoesNotVerifyLeavesAFailedApplianceThatOnlySaysSo() throws Exception {
    parties.stop(1);
    var whole = copy(1, "whole");
    alter(1, "update log_entry set at = at + 1 where position = 1");
    parties.start(1);
    var enclave = parties.enclave(1);
    assertEquals(State.FAILED, enclave.status().state());
    assertTrue(reason(1).startsWith("the audit log does not verify: entry 1 was altered"));
    assertEquals(1, enclave.status().party());
    assertEquals(0, enclave.status().logSize());
    assertTrue(enclave.readiness().stream().noneMatch(Check::passed));
    assertEquals(parties.enclave(2).documents().committees(), enclave.documents().committees());
    assertTrue(enclave.caller(java.util.HexFormat.of().parseHex("aa".repeat(32))).isPresent());
    assertEquals(List.of(), enclave.keys());
    assertEquals(Optional.empty(), enclave.key(key.id()));
    var order = parties.order(key);
    var refused = assertInstanceOf(Proposal.Refused.class, enclave.propose(order, Set.of(1, 2, 3)));
    assertEquals(Code.STATE, refused.refusal().code());
    assertTrue(refused.refusal().detail().contains("entry 1 was altered"));
    var ready = parties.propose(List.of(2, 3), order);
    assertEquals(
        Code.STATE,
        assertInstanceOf(
                StepReply.Refused.class,
                enclave.step(
                    ready.locator(),
                    new StepRequest(
                        1,
                        Optional.of(new StepRequest.Opening(ready.context(), order)),
                        List.of())))
            .refusal()
            .code());
    assertEquals(Optional.empty(), enclave.outcome(order.requestId()));
    assertEquals(List.of(), enclave.undecided());
    var nothing = new KeyStatements(key.id(), new byte[32], List.of(new byte[1]));
    assertEquals(List.of(), enclave.exchange(nothing).statements());
    parties.stop(1);
    restore(1, whole);
    parties.start(1);
    assertInstanceOf(Outcome.Signed.class, sign(1, 2));
  }

  private static void alter(int party, String sql) throws SQLException {
    var database = parties.configuration(party).stateDirectory().resolve("state.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      assertEquals(1, statement.executeUpdate(sql));
    }
  }

  @Test
  void aKeyRecordThatDoesNotReadLeavesAFailedApplianceThatNamesIt() throws Exception {
    for (var sql :
        List.of("update key_record set stage = 'SOLD'", "update key_record set metadata = x'a0'")) {
      parties.stop(2);
      var whole = copy(2, "record " + sql.hashCode());
      alter(2, sql);
      parties.start(2);
      var state = parties.enclave(2).status().state();
      var reason = reason(2);
      parties.stop(2);
      restore(2, whole);
      parties.start(2);
      assertEquals(State.FAILED, state, sql);
      assertTrue(reason.startsWith("the record of key " + key.id() + " was altered: "), reason);
    }
  }
}
