package io.sharekeep.threshold.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.SharedVectors;
import io.sharekeep.threshold.TestScratch;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9380 appendix J.8.1, over every backend of the hash function. */
class HashToCurveTest {
  private static final String DST = "QUUX-V01-CS02-with-secp256k1_XMD:SHA-256_SSWU_RO_";

  static Stream<Arguments> vectors() {
    return TestBackends.of(GroupId.SECP256K1).stream()
        .flatMap(group ->
            Stream.of(
                    new String[] {
                      "",
                      "c1cae290e291aee617ebaef1be6d73861479c48b841eaba9b7b5852ddfeb1346",
                      "64fa678e07ae116126f08b022a94af6de15985c996c3a91b64c406a960e51067"
                    },
                    new String[] {
                      "abc",
                      "3377e01eab42db296b512293120c6cee72b6ecf9f9205760bd9ff11fb3cb2c4b",
                      "7f95890f33efebd1044d382a01b1bee0900fb6116f94688d487c6c7b9c8371f6"
                    },
                    new String[] {
                      "abcdef0123456789",
                      "bac54083f293f1fe08e4a70137260aa90783a5cb84d3f35848b324d0674b0e3a",
                      "4436476085d4c3c4508b60fcf4389c40176adce756b398bdee27bca19758d828"
                    },
                    new String[] {
                      "q128_" + "q".repeat(128),
                      "e2167bc785333a37aa562f021f1e881defb853839babf52a7f72b102e41890e9",
                      "f2401dd95cc35867ffed4f367cd564763719fbc6a53e969fb8496a1e6685d873"
                    },
                    new String[] {
                      "a512_" + "a".repeat(512),
                      "e3c8d35aaaf0b9b647e88a0a0a7ee5d5bed5ad38238152e4e6fd8c1f8cb7c998",
                      "8446eeb6181bf12f56a9d24e262221cc2f0c4725c7e3803024b5888ee5823aa6"
                    })
                .map(v -> Arguments.of(group, v[0], v[1], v[2])));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void theVectorsOfTheRfcComeOut(Group group, String message, String x, String y) {
    assertEquals(x + y, hash(group, DST, message));
  }

  @Test
  void everyCaseOfThePublishedFileComesOut() throws IOException {
    var file = SharedVectors.file("rfc9380/secp256k1_XMD_SHA-256_SSWU_RO_.json");
    Assumptions.assumeTrue(file.isPresent(), "the published vectors are not here");
    var matcher =
        Pattern.compile(
                "\"P\": \\{\\s*\"x\": \"0x(\\w+)\",\\s*\"y\": \"0x(\\w+)\".*?\"msg\": \"(.*?)\"",
                Pattern.DOTALL)
            .matcher(Files.readString(file.get()));
    int cases = 0;
    while (matcher.find()) {
      assertEquals(
          matcher.group(1) + matcher.group(2), hash(new JavaSecp256k1(), DST, matcher.group(3)));
      cases++;
    }
    assertEquals(5, cases);
  }

  @Test
  void anotherTagGivesAnotherPoint() {
    var group = new JavaSecp256k1();
    assertTrue(!hash(group, DST, "abc").equals(hash(group, DST + "2", "abc")));
  }

  private static String hash(Group group, String dst, String message) {
    var text = message.getBytes(StandardCharsets.US_ASCII);
    try (var scratch = new TestScratch();
        var points = new SecretPoints(group, scratch, 2, dst);
        var in = scratch.borrow(Math.max(1, text.length));
        var out = scratch.borrow(64)) {
      in.bytes().copyFrom(java.lang.foreign.MemorySegment.ofArray(text));
      points.hash(1, in.bytes().asSlice(0, text.length));
      assertEquals(1, points.affine(1, out.bytes()));
      return HexFormat.of().formatHex(out.bytes().toArray(ValueLayout.JAVA_BYTE));
    }
  }
}
