package io.sharekeep.committee;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * {@code ./dev campaign backend}: as operators do it, through the launcher and so on the module
 * path, an appliance both of whose tokens are used through the JDK's provider is initialised,
 * serves, and coordinates a signature with one on the native backend; it restarts and signs again.
 * The last line is one JSON object.
 */
final class BackendCampaign {
  private static final Shape PAIR = Shape.equal("pair", 2, 2);

  private BackendCampaign() {}

  public static void main(String[] arguments) throws Exception {
    var repository = Path.of("").toAbsolutePath();
    var folder = Files.createTempDirectory("backend");
    int signed = 0;
    String status;
    try (var committee =
        Committee.asProcesses(
            repository.resolve("bin/sharekeep"),
            folder.resolve("committee"),
            List.of(PAIR),
            party -> party == 1 ? "sunpkcs11" : "native")) {
      committee.start();
      var key = committee.generate(PAIR, "frost-ed25519", "pair");
      var payload =
          new ExampleTransactions(repository.resolve("examples")).solanaTransfer(key.group());
      var second = committee.member(1);
      signed += verified(committee, key, payload, second);
      second.stop();
      second.start();
      second.awaitReady();
      signed += verified(committee, key, payload, second);
      status =
          second
              .sharekeep()
              .run(List.of("status", "--config", second.configuration().toString(), "-o", "json"))
              .out();
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    boolean declared = status.contains("sunpkcs11") && status.contains("pin-on-heap");
    System.out.printf(
        "{\"campaign\":\"backend\",\"signed\":%d,\"declared\":%b}%n", signed, declared);
    System.exit(signed == 2 && declared ? 0 : 1);
  }

  /** 1 if what others' code makes of the signature is that it is valid, else 0. */
  private static int verified(Committee committee, Key key, byte[] payload, Member coordinator) {
    var signature = committee.sign(key, payload, coordinator).get("signatures").get(0);
    var hex = HexFormat.of();
    boolean valid =
        IndependentVerifier.of(key.scheme())
            .verifies(
                key.onChain(),
                hex.parseHex(signature.get("message").textValue()),
                hex.parseHex(signature.get("signature").textValue()));
    return valid ? 1 : 0;
  }
}
