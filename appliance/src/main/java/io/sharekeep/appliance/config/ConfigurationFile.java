package io.sharekeep.appliance.config;

import io.sharekeep.appliance.ApplianceConfiguration;
import io.sharekeep.enclave.EnclaveConfiguration.Presignatures;
import io.sharekeep.enclave.KeyId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads {@code sharekeep.yaml}. Every key must be known, once, and of its form; the command line
 * goes before the environment and the environment before the file. Paths are relative to the file's
 * folder.
 */
public final class ConfigurationFile {
  /** Names the file, where the command line does not. */
  public static final String FILE_VARIABLE = "SHAREKEEP_CONFIG";

  /** Setting → the environment variable that goes before the file. */
  static final Map<String, String> VARIABLES =
      Map.of(
          "stateDirectory", "SHAREKEEP_STATE_DIRECTORY",
          "adminSocket", "SHAREKEEP_ADMIN_SOCKET",
          "log.level", "SHAREKEEP_LOG_LEVEL",
          "listeners.peer", "SHAREKEEP_LISTEN_PEER",
          "listeners.client", "SHAREKEEP_LISTEN_CLIENT",
          "listeners.health", "SHAREKEEP_LISTEN_HEALTH");

  private static final Path DEFAULT_FILE = Path.of("/etc/sharekeep/sharekeep.yaml");
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");
  private static final int DEFAULT_STOCK = 4;
  private static final int MAX_PORT = 65535;
  private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug");

  private static final Set<String> OTHERS =
      Set.of(
          "stateDirectory",
          "listeners.peer",
          "listeners.client",
          "listeners.health",
          "tls.certificate",
          "secretMemory",
          "signingThreads",
          "presignatures.keys",
          "presignatures.stock",
          "adminSocket",
          "limits.bodyBytes",
          "limits.concurrentRequests",
          "log.level");

  private static final Set<String> KNOWN =
      Stream.concat(OTHERS.stream(), HsmSettings.KNOWN.stream())
          .collect(Collectors.toUnmodifiableSet());

  private final String name;
  private final Path folder;
  private final Map<String, Setting> settings;

  private ConfigurationFile(String name, Path folder, Map<String, Setting> settings) {
    this.name = name;
    this.folder = folder;
    this.settings = settings;
  }

  /** One value and where it stands. */
  record Setting(String value, String place) {}

  /** Which file: that of the command line, else of the environment, else the installed one. */
  public static Path choose(Optional<Path> commandLine, Map<String, String> environment) {
    return commandLine.orElseGet(() ->
        Optional.ofNullable(environment.get(FILE_VARIABLE)).map(Path::of).orElse(DEFAULT_FILE));
  }

  /**
   * Reads and checks the whole.
   *
   * @param commandLine setting → value, such as {@code listeners.peer}
   * @throws ConfigurationProblem saying where and what to do
   */
  public static ApplianceConfiguration read(
      Path file, Map<String, String> environment, Map<String, String> commandLine) {
    String yaml;
    try {
      yaml = Files.readString(file);
    } catch (IOException e) {
      throw new ConfigurationProblem(
          "cannot read the configuration "
              + file
              + "; name one by --config or "
              + FILE_VARIABLE
              + ", or write it (sharekeep init --help shows one)");
    }
    var settings = new LinkedHashMap<String, Setting>();
    flatten(file.toString(), "", YamlTree.read(file.toString(), yaml), settings);
    VARIABLES.forEach((key, variable) ->
        Optional.ofNullable(environment.get(variable))
            .ifPresent(value -> settings.put(key, new Setting(value, "environment " + variable))));
    commandLine.forEach((key, value) -> {
      if (!KNOWN.contains(key)) {
        throw unknown("command line", key);
      }
      settings.put(key, new Setting(value, "command line --set " + key));
    });
    var folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    return new ConfigurationFile(file.toString(), folder, settings).configuration();
  }

  private static void flatten(
      String file, String prefix, YamlTree.Mapping mapping, Map<String, Setting> into) {
    mapping
        .entries()
        .forEach((key, node) -> {
          var full = prefix + key;
          var place = file + " line " + node.line();
          switch (node) {
            case YamlTree.Mapping nested -> {
              if (KNOWN.contains(full) || KNOWN.stream().noneMatch(k -> k.startsWith(full + "."))) {
                throw unknown(place, full);
              }
              flatten(file, full + ".", nested, into);
            }
            case YamlTree.Scalar(var _, var text) -> {
              if (!KNOWN.contains(full)) {
                throw unknown(place, full);
              }
              into.put(full, new Setting(text, place));
            }
          }
        });
  }

  private static ConfigurationProblem unknown(String place, String key) {
    int dot = key.lastIndexOf('.') + 1;
    var siblings = new TreeSet<String>();
    for (var known : KNOWN) {
      if (known.startsWith(key.substring(0, dot))) {
        siblings.add(known);
      }
    }
    return new ConfigurationProblem(
        place + ": there is no setting " + key + "; known here are " + siblings);
  }

  private ApplianceConfiguration configuration() {
    var state = path(required("stateDirectory"));
    return new ApplianceConfiguration(
        state,
        new HsmSettings(this).read(),
        new ApplianceConfiguration.Listeners(
            address(required("listeners.peer")),
            address(required("listeners.client")),
            address(required("listeners.health"))),
        optional("tls.certificate").map(this::path).orElse(state.resolve("tls.pem")),
        optional("secretMemory").map(ConfigurationFile::requireMemfdSecret).orElse(false),
        optional("signingThreads")
            .map(s -> integer(s, 1, 64))
            .orElse(ApplianceConfiguration.DEFAULT_SIGNING_THREADS),
        presignatures(),
        optional("adminSocket").map(this::path).orElse(state.resolve("admin.sock")),
        new ApplianceConfiguration.Limits(
            optional("limits.bodyBytes")
                .map(s -> integer(s, 64 * 1024, 16 * 1024 * 1024))
                .orElse(ApplianceConfiguration.Limits.DEFAULT.bodyBytes()),
            optional("limits.concurrentRequests")
                .map(s -> integer(s, 1, 65536))
                .orElse(ApplianceConfiguration.Limits.DEFAULT.concurrentRequests())),
        optional("log.level").map(ConfigurationFile::level).orElse("info"));
  }

  /** The file, for messages. */
  String name() {
    return name;
  }

  /** Whether anything is said under this prefix, which ends with a dot. */
  boolean hasUnder(String prefix) {
    return settings.keySet().stream().anyMatch(key -> key.startsWith(prefix));
  }

  Setting required(String key) {
    return optional(key)
        .orElseThrow(
            () -> new ConfigurationProblem(name + " lacks the setting " + key + "; add it"));
  }

  Optional<Setting> optional(String key) {
    return Optional.ofNullable(settings.get(key));
  }

  Path path(Setting setting) {
    if (setting.value().isBlank()) {
      throw new ConfigurationProblem(setting.place() + ": a path is missing; write one");
    }
    return folder.resolve(setting.value()).normalize();
  }

  private Presignatures presignatures() {
    int stock =
        optional("presignatures.stock")
            .map(s -> integer(s, 1, Presignatures.MAX_STOCK))
            .orElse(DEFAULT_STOCK);
    return new Presignatures(
        optional("presignatures.keys").map(ConfigurationFile::keys).orElse(Set.of()), stock);
  }

  private static Set<KeyId> keys(Setting setting) {
    var keys = new HashSet<KeyId>();
    for (var word : setting.value().split(",", -1)) {
      if (!KEY.matcher(word.strip()).matches()) {
        throw new ConfigurationProblem(
            setting.place() + ": write ids of keys, 32 hex digits each, with commas between");
      }
      keys.add(new KeyId(word.strip()));
    }
    return keys;
  }

  private static InetSocketAddress address(Setting setting) {
    var value = setting.value();
    int colon = value.lastIndexOf(':');
    try {
      int port = Integer.parseInt(value.substring(colon + 1));
      if (colon > 0 && port >= 0 && port <= MAX_PORT) {
        var host = value.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
        return InetSocketAddress.createUnresolved(host, port);
      }
    } catch (NumberFormatException e) {
      // Said below for every way of being wrong.
    }
    throw new ConfigurationProblem(
        setting.place() + ": write an address as HOST:PORT, for example 127.0.0.1:8443");
  }

  private static int integer(Setting setting, int min, int max) {
    try {
      int value = Integer.parseInt(setting.value());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below for every way of being wrong.
    }
    throw new ConfigurationProblem(
        setting.place() + ": write a whole number from " + min + " to " + max);
  }

  private static boolean requireMemfdSecret(Setting setting) {
    return switch (setting.value()) {
      case "memfd_secret" -> true;
      case "mlock" -> false;
      default ->
          throw new ConfigurationProblem(
              setting.place() + ": write memfd_secret (require it) or mlock (allow it)");
    };
  }

  private static String level(Setting setting) {
    var lower = setting.value().toLowerCase(Locale.ROOT);
    if (LEVELS.contains(lower)) {
      return lower;
    }
    throw new ConfigurationProblem(setting.place() + ": write one of " + new TreeSet<>(LEVELS));
  }
}
