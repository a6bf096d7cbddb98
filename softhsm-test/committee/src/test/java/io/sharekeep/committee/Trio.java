package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Three real processes, each with its own SoftHSM, and a key of each suite. Starting them is most
 * of a test's time, so they are started once and every class that asks gets the same; a class that
 * stops one starts it again.
 */
final class Trio implements AutoCloseable {
  static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  static final Shape SHAPE = Shape.equal("trio", 2, 3);

  static final ExampleTransactions EXAMPLES =
      new ExampleTransactions(REPOSITORY.resolve("examples"));
  private static final HexFormat HEX = HexFormat.of();

  private final Path folder;
  private final Committee committee;
  private final Key solana;
  private final Key taproot;

  private Trio() {
    try {
      folder = Files.createTempDirectory("trio");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    committee =
        Committee.asShortLivedProcesses(
            REPOSITORY.resolve("bin/sharekeep"), folder.resolve("committee"), List.of(SHAPE));
    try {
      committee.start();
      solana = committee.generate(SHAPE, "frost-ed25519", "solana");
      taproot = committee.generate(SHAPE, "frost-secp256k1-tr", "taproot");
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Gives test classes the one trio of this JVM; it ends with the last of them. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType().equals(Trio.class);
    }

    @Override
    public Trio resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(Trio.class))
          .getOrComputeIfAbsent(Trio.class, _ -> new Trio(), Trio.class);
    }
  }

  Committee committee() {
    return committee;
  }

  Member member(int party) {
    return committee.member(party);
  }

  Key solana() {
    return solana;
  }

  Key taproot() {
    return taproot;
  }

  Path folder() {
    return folder;
  }

  /** An unsigned transaction of the key's. */
  byte[] payload(Key key) {
    return key.isTaproot()
        ? EXAMPLES.bitcoinTaproot(key.group(), key.onChain())
        : EXAMPLES.solanaTransfer(key.group());
  }

  /** The committee signs through that member, and others' code finds the signature valid. */
  void assertSigns(Key key, Member coordinator) {
    var signatures = committee.sign(key, payload(key), coordinator).get("signatures");
    assertEquals(1, signatures.size());
    assertTrue(
        IndependentVerifier.of(key.scheme())
            .verifies(
                key.onChain(),
                HEX.parseHex(signatures.get(0).get("message").textValue()),
                HEX.parseHex(signatures.get(0).get("signature").textValue())),
        key.scheme() + " through " + coordinator.name());
  }

  @Override
  public void close() {
    committee.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clear " + folder, e);
    }
  }
}
