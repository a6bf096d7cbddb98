package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.group.JavaSecp256k1;
import io.sharekeep.threshold.wire.Octets;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The non-hardened steps of BIP-32's test vectors 1 and 2, and what a path may be. */
@LeavesNothing
class DerivationTest {
  private static final Group SECP256K1 = new JavaSecp256k1();
  private static final Group ED25519 = Groups.java().ed25519();
  private static final Octets CHAIN_CODE = Octets.of(new byte[32]);

  static Stream<Arguments> steps() {
    return Stream.of(
        Arguments.of(
            "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw",
            List.of(1L),
            "xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMash7SyYq527Hqck2AxYysAA7xmALppuCkwQ"),
        Arguments.of(
            "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5",
            List.of(2L),
            "xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV"),
        Arguments.of(
            "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5",
            List.of(2L, 1_000_000_000L),
            "xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy"),
        Arguments.of(
            "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB",
            List.of(0L),
            "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH"));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void theVectorsOfBip32ComeOut(String parent, List<Long> path, String child) {
    var from = decoded(parent);
    var to = decoded(child);
    var key = SECP256K1.publicOps().decode(Arrays.copyOfRange(from, 45, 78)).orElseThrow();
    var derived =
        Derivation.of(SECP256K1, key, Octets.of(Arrays.copyOfRange(from, 13, 45)), path)
            .orElseThrow();
    assertArrayEquals(Arrays.copyOfRange(to, 45, 78), derived.key().encoded());
    assertArrayEquals(Arrays.copyOfRange(to, 13, 45), derived.chainCode().toArray());
    var ops = SECP256K1.publicOps();
    assertEquals(
        derived.key(),
        ops.add(key, ops.multiplyBase(derived.offset()).orElseThrow()).orElseThrow());
  }

  /** Base58Check, whose checksum shows a slip of the pen. */
  private static byte[] decoded(String text) {
    var value = BigInteger.ZERO;
    for (int i = 0; i < text.length(); i++) {
      int digit =
          "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".indexOf(text.charAt(i));
      value = value.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(digit));
    }
    var bytes = value.toByteArray();
    assertEquals(82, bytes.length);
    var body = Arrays.copyOf(bytes, 78);
    assertArrayEquals(
        Arrays.copyOf(sha256(sha256(body)), 4), Arrays.copyOfRange(bytes, 78, 82), text);
    return body;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static Stream<Group> groups() {
    return Stream.of(SECP256K1, ED25519);
  }

  @ParameterizedTest
  @MethodSource("groups")
  void theOffsetIsWhatTheKeyMovedBy(Group group) {
    var ops = group.publicOps();
    var key = ops.multiplyBase(ops.scalar(77)).orElseThrow();
    var seen = new java.util.HashSet<Object>();
    for (int depth = 0; depth <= Derivation.MAX_DEPTH; depth++) {
      var derived =
          Derivation.of(group, key, CHAIN_CODE, Collections.nCopies(depth, 5L)).orElseThrow();
      assertEquals(
          derived.key(), ops.multiplyBase(ops.add(ops.scalar(77), derived.offset())).orElseThrow());
      assertTrue(seen.add(derived.key()));
      assertTrue(seen.add(derived.chainCode()));
    }
    assertNotEquals(
        Derivation.of(group, key, CHAIN_CODE, List.of(1L, 2L)),
        Derivation.of(group, key, CHAIN_CODE, List.of(2L, 1L)));
  }

  @Test
  void hardenedAndDeepPathsAreRefused() {
    var key = SECP256K1.publicOps().generator();
    for (var path : List.of(List.of(1L << 31), List.of(-1L), Collections.nCopies(9, 0L))) {
      assertTrue(Derivation.defect(path).isPresent());
      assertThrows(
          IllegalArgumentException.class, () -> Derivation.of(SECP256K1, key, CHAIN_CODE, path));
    }
    assertTrue(Derivation.defect(List.of((1L << 31) - 1)).isEmpty());
  }
}
