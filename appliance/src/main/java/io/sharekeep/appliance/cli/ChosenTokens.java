package io.sharekeep.appliance.cli;

import io.sharekeep.appliance.Appliance;
import io.sharekeep.appliance.ApplianceConfiguration;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.pkcs11.probe.LibraryProbe;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which tokens a command looks at: the configuration's two, or what the command line names. */
final class ChosenTokens {
  static final String CORE = "core";
  static final String EDGE = "edge";
  static final String FALLBACK = "fallback";

  /** The role of a token that no configuration gives one. */
  private static final String ANY = "token";

  @Mixin Configured configured = new Configured();

  @Option(
      names = "--library",
      paramLabel = "FILE",
      description =
          "Looks at this PKCS#11 library instead of the configuration's; no configuration is"
              + " read then.")
  @Nullable Path library;

  @Option(
      names = "--token",
      paramLabel = "LABEL",
      description = "With --library: which of its tokens (default: lists them all).")
  @Nullable String token;

  @Option(
      names = "--pin-file",
      paramLabel = "FILE",
      description = "With --token: the file with its PIN (default: nobody logs in).")
  @Nullable Path pinFile;

  @Option(
      names = "--parameters",
      paramLabel = "TEXT",
      description = "What the library's C_Initialize is given; NSS wants its configdir.")
  @Nullable String parameters;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description = "A profile of your own to look with (default: the shipped one that matches).")
  @Nullable Path profile;

  /**
   * Looks at each in a process of its own, so that a library's crash is a message here.
   *
   * @param login whether to log in, with one attempt for each token, where a PIN file is known
   * @param trial whether to make throw-away keys and try what an appliance needs
   */
  Looks look(Map<String, String> environment, boolean login, boolean trial) {
    if (library == null) {
      if (token != null || pinFile != null) {
        throw new CliProblem(
            ExitCode.USAGE,
            "--token and --pin-file go with --library; without it the configuration names both"
                + " tokens");
      }
      return look(configured.read(environment).hsm(), login, trial);
    }
    if (pinFile != null && token == null) {
      throw new CliProblem(ExitCode.USAGE, "--pin-file needs --token: whose PIN is it?");
    }
    if (trial && (pinFile == null || !login)) {
      throw new CliProblem(
          ExitCode.USAGE, "--trial makes keys, so it needs --token and --pin-file");
    }
    return new Looks(
        List.of(
            Look.at(
                ANY,
                Optional.ofNullable(token),
                new LibraryProbe(
                    with(TokenLibrary.at(library)),
                    Optional.ofNullable(token),
                    Optional.ofNullable(pinFile).filter(_ -> login),
                    trial))));
  }

  /** The same of the tokens of a configuration. */
  Looks look(ApplianceConfiguration.Hsm hsm, boolean login, boolean trial) {
    var looks = new ArrayList<Look>();
    looks.add(look(CORE, hsm.core(), login, trial));
    looks.add(look(EDGE, hsm.edge(), login, trial));
    hsm.fallback().ifPresent(place -> looks.add(look(FALLBACK, place, login, trial)));
    return new Looks(looks);
  }

  private Look look(String role, TokenPlace place, boolean login, boolean trial) {
    return Look.at(
        role,
        Optional.of(place.label()),
        new LibraryProbe(
            with(Appliance.library(place)),
            Optional.of(place.label()),
            Optional.of(place.pinFile()).filter(_ -> login),
            trial && login));
  }

  /** What the command line says goes before what the configuration says. */
  private TokenLibrary with(TokenLibrary said) {
    var where = parameters == null ? said : said.with(Optional.of(parameters));
    return profile == null ? where : where.under(profile);
  }
}
