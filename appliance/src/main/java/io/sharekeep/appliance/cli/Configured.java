package io.sharekeep.appliance.cli;

import io.sharekeep.appliance.ApplianceConfiguration;
import io.sharekeep.appliance.config.ConfigurationFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command on the appliance's own host finds the configuration. */
final class Configured {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The configuration (default: $SHAREKEEP_CONFIG, else "
              + "/etc/sharekeep/sharekeep.yaml).")
  @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "SETTING=VALUE",
      description = "Goes before the file, for example --set listeners.health=127.0.0.1:9000.")
  Map<String, String> settings = new LinkedHashMap<>();

  Path file(Map<String, String> environment) {
    return ConfigurationFile.choose(Optional.ofNullable(config), environment);
  }

  ApplianceConfiguration read(Map<String, String> environment) {
    return ConfigurationFile.read(file(environment), environment, settings);
  }
}
