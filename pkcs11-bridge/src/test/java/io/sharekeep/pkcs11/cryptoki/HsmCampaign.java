package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.sun.SunSabotage;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.softhsm.NssDatabase;
import io.sharekeep.softhsm.SoftHsm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Six threads of seal, open and sign while everything is taken away: SoftHSM with a fail-over
 * token, NSS, and SunPKCS11 on SoftHSM for what it can heal. The last line is JSON.
 */
public final class HsmCampaign {
  private static final Duration PAUSE = Duration.ofMillis(150);

  /** Milliseconds that a token is away. */
  private static final long AWAY = 800;

  private final Duration time;
  private final long seed;
  private long operations;
  private long injected;
  private long failed;
  private long relogins;
  private long wrong;
  private long hung;

  private HsmCampaign(Duration time, long seed) {
    this.time = time;
    this.seed = seed;
  }

  /** Seconds for each (600), the seed of what happens when, and which: softhsm,nss,sun. */
  public static void main(String[] arguments) throws Exception {
    long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 600;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    var campaign = new HsmCampaign(Duration.ofSeconds(seconds), seed);
    System.out.println("seed " + seed);
    var wanted = arguments.length > 2 ? arguments[2] : "softhsm,nss,sun";
    if (wanted.contains("softhsm")) {
      campaign.softHsm();
    }
    if (wanted.contains("nss")) {
      campaign.nss();
    }
    if (wanted.contains("sun")) {
      campaign.sun();
    }
    System.out.printf(
        "{\"operations\":%d,\"injected\":%d,\"failed\":%d,\"relogins\":%d,\"wrong\":%d,"
            + "\"hung\":%d}%n",
        campaign.operations,
        campaign.injected,
        campaign.failed,
        campaign.relogins,
        campaign.wrong,
        campaign.hung);
    System.exit(campaign.failed + campaign.wrong + campaign.hung == 0 ? 0 : 1);
  }

  private void softHsm() throws Exception {
    try (var home = SoftHsm.ofThisProcess()) {
      var folder = home.configuration().resolveSibling("softhsm");
      var before = Sabotage.directories(folder);
      var tokens = home.provision("campaign");
      var directory = Sabotage.newest(folder, before, tokens.coreLabel());
      var library = TokenLibrary.at(tokens.library());
      try (var bench = Bench.of(library, tokens.coreLabel(), tokens.corePinFile());
          var one = open(library, tokens.coreLabel(), tokens.corePinFile());
          var two = open(library, tokens.edgeLabel(), tokens.edgePinFile())) {
        var sabotage = Sabotage.of(bench);
        var storm = new Storm(List.of(one, two));
        tell(
            "SoftHSM, native",
            storm.blow(
                time,
                PAUSE,
                seed,
                List.of(
                    sabotage.closeSessions(),
                    sabotage.logout(),
                    sabotage.reinitialise(),
                    sabotage.absence(directory, AWAY, false),
                    storm.swap())));
      }
    }
  }

  private void nss() throws InterruptedException {
    var nss = NssDatabase.make(parent(), "campaign");
    var library = TokenLibrary.at(nss.library()).with(Optional.of(nss.parameters()));
    try (var bench = Bench.of(library, nss.label(), nss.pinFile());
        var token = open(library, nss.label(), nss.pinFile())) {
      var sabotage = Sabotage.of(bench);
      tell(
          "NSS, native",
          new Storm(List.of(token))
              .blow(
                  time,
                  PAUSE,
                  seed + 1,
                  List.of(
                      sabotage.closeSessions(),
                      sabotage.logout(),
                      sabotage.reinitialise(),
                      sabotage.absence(nss.directory().resolve("db"), AWAY, true))));
    } finally {
      nss.delete();
    }
  }

  private void sun() throws IOException, InterruptedException {
    try (var home = SoftHsm.ofThisProcess()) {
      var tokens = home.provision("campaign-sun");
      var copy =
          Files.copy(
              tokens.library(),
              Files.createTempDirectory(Files.createDirectories(parent()), "sun")
                  .resolve("libsofthsm2.so"));
      var library = TokenLibrary.at(copy).through(Backend.SUN);
      try (var token = open(library, tokens.coreLabel(), tokens.corePinFile())) {
        var storm = new Storm(List.of(token));
        var sabotage =
            SunSabotage.of(token, Bench.behind(copy, tokens.coreLabel(), tokens.corePinFile()));
        tell(
            "SoftHSM, SunPKCS11",
            storm.blow(
                time, PAUSE, seed + 2, List.of(sabotage.closeSessions(), sabotage.logout())));
      }
    }
  }

  private void tell(String name, Storm.Result result) {
    System.out.println(name + ": " + result);
    operations += result.operations();
    injected += result.injected();
    failed += result.failed();
    relogins += result.relogins();
    wrong += result.wrong();
    hung += result.hung();
  }

  private static Path parent() {
    return SoftHsm.ofThisProcess().configuration().resolveSibling("nss");
  }

  private static Token open(TokenLibrary library, String label, Path pin) {
    var token = Tokens.open(TokenConfiguration.of(library, label));
    token.login(new PinFile(pin));
    return token;
  }
}
