package io.sharekeep.attestation.cose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharekeep.attestation.appraise.Draft;
import io.sharekeep.attestation.appraise.SoftKeys;
import io.sharekeep.attestation.eat.Claims;
import io.sharekeep.attestation.eat.Jwt;
import io.sharekeep.cbor.CborLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we sign, held against a verifier that shares no line with ours: node's own crypto. */
class OtherVerifiersTest {
  private static final Path NODE = Path.of("/usr/bin/node");

  /** A COSE_Sign1 is cut apart by hand, as its four parts and no more are needed. */
  private static final String SCRIPT =
      """
      const crypto = require('crypto'), fs = require('fs');
      const [cose, jwt, spki] = process.argv.slice(2).map(f => fs.readFileSync(f));
      const key = crypto.createPublicKey({key: spki, format: 'der', type: 'spki'});
      const ecdsa = {key, dsaEncoding: 'ieee-p1363'};
      let at = 4; // d8 3d, d2, 84
      const head = () => { const b = cose[at++] & 31; let n = b < 24 ? 0 : 1 << (b - 24), v = n ? 0 : b;
        while (n--) v = v * 256 + cose[at++]; return v; };
      const whole = () => { const from = at, n = head(); at += n; return cose.subarray(from, at); };
      const prot = whole(); at += 1; const payload = whole();
      const length = head(), signature = cose.subarray(at, at + length);
      const tbs = Buffer.concat([Buffer.from([0x84, 0x6a]), Buffer.from('Signature1'), prot,
        Buffer.from([0x40]), payload]);
      const [h, p, s] = jwt.toString().split('.');
      const header = JSON.parse(Buffer.from(h, 'base64url')), claims = JSON.parse(Buffer.from(p, 'base64url'));
      console.log([crypto.verify('sha384', tbs, ecdsa, signature),
        crypto.verify('sha384', Buffer.from(h + '.' + p), ecdsa, Buffer.from(s, 'base64url')),
        header.alg, header.typ, claims.dbgstat, claims.swversion[0],
        claims.sk_cose_sha384 === crypto.createHash('sha384').update(cose).digest('base64url')].join(' '));
      """;

  @TempDir private Path folder;

  @Test
  void nodeVerifiesTheReportAndItsJsonForm() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(NODE), "SKIPPED ALOUD: no node here, so nobody else verified our COSE");
    var draft = new Draft();
    byte[] report = draft.report();
    var claims =
        Draft.valid(
            Claims.read(
                Draft.valid(CoseSign1.read(report, CoseHeader.REPORT, CborLimits.REPORT))
                    .payload()));
    write("report.cose", report);
    write("report.jwt", Jwt.write(claims, report, m -> SoftKeys.es384(draft.lab.attest, m)));
    write("key.der", SoftKeys.spki(draft.lab.attest));
    write("verify.js", SCRIPT.getBytes(UTF_8));
    assertEquals("true true ES384 eat+jwt disabled-since-boot 1.4.2 true", node());
    report[report.length - 1] ^= 1;
    write("report.cose", report);
    assertEquals("false true ES384 eat+jwt disabled-since-boot 1.4.2 false", node());
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private String node() throws Exception {
    var process =
        new ProcessBuilder(NODE.toString(), "verify.js", "report.cose", "report.jwt", "key.der")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    process.waitFor(20, TimeUnit.SECONDS);
    return said;
  }

  @Test
  void aHeaderOfOneCertificateIsBareAndOfTwoAList() {
    var draft = new Draft();
    var two = java.util.List.of(draft.lab.attestCertificate, draft.lab.crossCertificate);
    for (var chain : java.util.List.of(two.subList(0, 1), two)) {
      byte[] bytes =
          CoseSign1.write(
              CoseHeader.report(chain), new byte[3], m -> SoftKeys.es384(draft.lab.attest, m));
      var read = Draft.valid(CoseSign1.read(bytes, CoseHeader.REPORT, CborLimits.REPORT));
      assertEquals(chain, read.header().chain());
      assertEquals(
          "d83dd284",
          new io.sharekeep.attestation.evidence.Octets(bytes).toString().substring(0, 8));
      assertEquals(true, read.isSignedBy(draft.lab.attest.getPublic()));
      assertEquals(false, read.isSignedBy(draft.lab.custodianRoot.getPublic()));
      assertEquals(false, read.isSignedBy(draft.lab.identity.getPublic()));
    }
  }
}
