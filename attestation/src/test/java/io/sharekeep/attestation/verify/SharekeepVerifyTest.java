package io.sharekeep.attestation.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.appraise.Draft;
import io.sharekeep.attestation.appraise.Laboratory;
import io.sharekeep.attestation.appraise.SoftKeys;
import io.sharekeep.attestation.eat.Labels;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.attestation.report.Bundle;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.Decoded;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharekeepVerifyTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Draft draft = new Draft();

  @BeforeEach
  void files() throws IOException {
    draft.members = members -> members.remove(Bundle.LOG_PROOF);
    write("report.skb", draft.file());
    write("policy.cose", draft.policyBytes());
    write("releases.skl", draft.releaseBytes());
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return SharekeepVerify.run(
        () -> Laboratory.NOW, new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private int verify(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "verify",
                path("report.skb"),
                "--policy",
                path("policy.cose"),
                "--nonce",
                Laboratory.NONCE.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void aTableEndsWithTheVerdictAndItsExit() {
    assertEquals(0, verify(), err::toString);
    assertTrue(out.toString().contains("  PASS hsm.keys "), out::toString);
    assertTrue(
        out.toString().contains("  WARN hsm.evidence     soft token, SoftHSM v2\n"), out::toString);
    assertTrue(out.toString().endsWith("VERDICT AFFIRMING  as the policy expects  exit 0\n"));
    assertEquals("", err.toString());
  }

  @Test
  void jsonSaysTheSame() {
    assertEquals(0, verify("-o", "json"));
    assertTrue(Json.read(out.toString().strip().getBytes(UTF_8)) instanceof Decoded.Item);
    assertTrue(out.toString().contains("\"exit\":0"));
    assertTrue(out.toString().contains("\"runtime-opaque\":32"));
  }

  @Test
  void explainSaysWhatEachCheckSpeaksTo() {
    assertEquals(0, verify("--explain"));
    assertTrue(out.toString().contains("       speaks to executables: 3\n"), out::toString);
  }

  @Test
  void anOlderStatePutBackIsSeenByWhoRemembers() throws IOException {
    assertEquals(0, verify("--state", path("state")));
    assertEquals(0, verify("--state", path("state")), "the same file again");
    byte[] first = Files.readAllBytes(folder.resolve("report.skb"));
    draft.claim(Cbor.uint(4022), Labels.SEQUENCE);
    draft.claim(
        Cbor.bytes(Octets.sha384(Draft.valid(Bundle.read(first)).report()).value()),
        Labels.PREVIOUS);
    draft.tpm.orElseThrow().counter = 814;
    write("report.skb", draft.file());
    assertEquals(0, verify("--state", path("state")), out::toString);
    write("report.skb", first);
    assertEquals(5, verify("--state", path("state")));
    assertTrue(out.toString().contains("FAIL chain.seq        report 4021"), out::toString);
  }

  @Test
  void aDamagedMemoryIsAnErrorAndNeverAFirstMeeting() throws IOException {
    assertEquals(0, verify("--state", path("state")));
    var memory = folder.resolve("state").resolve(draft.lab.ueid + ".memory");
    byte[] bytes = Files.readAllBytes(memory);
    bytes[bytes.length - 1] ^= 1;
    Files.write(memory, bytes);
    assertEquals(1, verify("--state", path("state")));
    assertTrue(err.toString().contains("damaged"), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void aStateFolderThatIsAFileIsAnError() {
    assertEquals(1, verify("--state", path("report.skb")));
    assertEquals("", out.toString());
  }

  @Test
  void aForgedReportMovesNoMemory() throws IOException {
    draft.envelope =
        bytes -> {
          bytes[bytes.length - 1] ^= 1;
          return bytes;
        };
    write("report.skb", draft.file());
    assertEquals(3, verify("--state", path("state")));
    assertFalse(Files.exists(folder.resolve("state").resolve(draft.lab.ueid + ".memory")));
  }

  @Test
  void anotherAuditorsPolicyIsRefusedByTheStateAndByTheKey() throws IOException {
    assertEquals(0, verify("--state", path("state")));
    Files.write(folder.resolve("state").resolve("policy-signer"), new byte[32]);
    assertEquals(1, verify("--state", path("state")));
    write("own.pem", pem("PUBLIC KEY", SoftKeys.spki(draft.lab.auditor)));
    write("other.pem", pem("PUBLIC KEY", SoftKeys.spki(draft.lab.custodianRoot)));
    assertEquals(0, verify("--policy-key", path("own.pem")));
    assertEquals(1, verify("--policy-key", path("other.pem")));
    assertTrue(err.toString().contains("not signed by the key in"), err::toString);
  }

  private static byte[] pem(String label, byte[] der) {
    return ("-----BEGIN "
            + label
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + label
            + "-----\n")
        .getBytes(US_ASCII);
  }

  @Test
  void badInputIsOneLineAndNoVerdict() throws IOException {
    write("report.skb", "hello".getBytes(UTF_8));
    assertEquals(2, verify());
    assertEquals("", out.toString());
    assertEquals(1, err.toString().lines().count());
    write("report.skb", new byte[10_000_000]);
    assertEquals(2, verify());
    Files.delete(folder.resolve("report.skb"));
    assertEquals(1, verify());
    assertTrue(err.toString().contains("there is no such file"));
    write("policy.cose", new byte[] {1, 2});
    assertEquals(1, verify());
    assertEquals(1, run("verify"));
    assertEquals(1, run());
    assertEquals(1, run("verify", "x", "--policy", "y", "--nonce", "zz"));
    assertEquals(1, run("verify", "x", "--policy", "y", "--ear", "z"));
  }

  @Test
  void aMissingListOfReleasesIsMissingEvidenceAndABadOneAnError() throws IOException {
    Files.delete(folder.resolve("releases.skl"));
    assertEquals(8, verify());
    write("releases.skl", "{}".getBytes(UTF_8));
    assertEquals(1, verify());
    assertTrue(err.toString().contains("releases.skl: "), err::toString);
  }

  @Test
  void anAuditorChecksAndSignsAPolicyAndSignsResults() throws IOException {
    write("policy.json", Json.write(draft.policy));
    write("public.pem", pem("PUBLIC KEY", SoftKeys.spki(draft.lab.auditor)));
    write("private.pem", pem("PRIVATE KEY", draft.lab.auditor.getPrivate().getEncoded()));
    assertEquals(0, run("policy", "check", path("policy.json")), err::toString);
    assertEquals(
        0,
        run(
            "policy",
            "sign",
            path("policy.json"),
            "--key",
            path("private.pem"),
            "--public",
            path("public.pem"),
            "--to",
            path("policy.cose")),
        err::toString);
    assertEquals(
        0, verify("--ear", path("result.jwt"), "--ear-key", path("private.pem")), err::toString);
    var parts = Files.readString(folder.resolve("result.jwt")).split("\\.", -1);
    var payload = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    assertTrue(payload.contains("\"ear_status\":\"warning\""), payload);
    write(
        "policy.json",
        Json.write(io.sharekeep.attestation.appraise.Tree.remove(draft.policy, "trust")));
    assertEquals(1, run("policy", "check", path("policy.json")));
    assertTrue(err.toString().contains("trust is missing"), err::toString);
  }
}
