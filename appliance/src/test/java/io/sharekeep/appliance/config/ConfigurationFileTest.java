package io.sharekeep.appliance.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.appliance.Appliance;
import io.sharekeep.appliance.ApplianceConfiguration;
import io.sharekeep.enclave.EnclaveConfiguration.Presignatures;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
  static final String COMPLETE =
      """
      stateDirectory: state
      hsm:
        library: /usr/lib/softhsm/libsofthsm2.so
        coreToken: one-core
        edgeToken: one-edge
        corePinFile: core.pin
        edgePinFile: edge.pin
      listeners:
        peer: 127.0.0.1:8441
        client: "[::1]:8442"
        health: localhost:0
      """;

  @TempDir private Path folder;

  private ApplianceConfiguration read(String yaml) throws Exception {
    return read(yaml, Map.of(), Map.of());
  }

  private ApplianceConfiguration read(
      String yaml, Map<String, String> environment, Map<String, String> commandLine)
      throws Exception {
    var file = folder.resolve("sharekeep.yaml");
    Files.writeString(file, yaml);
    return ConfigurationFile.read(file, environment, commandLine);
  }

  @Test
  void pathsAreRelativeToTheFileAndTheRestHasDefaults() throws Exception {
    var configuration = read(COMPLETE);
    assertEquals(folder.resolve("state"), configuration.stateDirectory());
    assertEquals(folder.resolve("core.pin"), configuration.hsm().core().pinFile());
    assertEquals(
        TokenLibrary.at(Path.of("/usr/lib/softhsm/libsofthsm2.so")),
        Appliance.library(configuration.hsm().core()));
    assertEquals("one-edge", configuration.hsm().edge().label());
    assertEquals(Optional.empty(), configuration.hsm().fallback());
    assertEquals(folder.resolve("state/tls.pem"), configuration.certificate());
    assertEquals(folder.resolve("state/admin.sock"), configuration.adminSocket());
    assertEquals(8441, configuration.listeners().peer().getPort());
    assertEquals("::1", configuration.listeners().client().getHostString());
    assertEquals(ApplianceConfiguration.Limits.DEFAULT, configuration.limits());
    assertFalse(configuration.requireMemfdSecret());
    assertEquals("info", configuration.logLevel());
  }

  @Test
  void theCommandLineGoesBeforeTheEnvironmentAndThatBeforeTheFile() throws Exception {
    var environment =
        Map.of("SHAREKEEP_LISTEN_PEER", "127.0.0.1:1", "SHAREKEEP_LOG_LEVEL", "debug");
    var configuration = read(COMPLETE, environment, Map.of("listeners.peer", "127.0.0.1:2"));
    assertEquals(2, configuration.listeners().peer().getPort());
    assertEquals("debug", configuration.logLevel());
    assertEquals(
        Path.of("/a"),
        ConfigurationFile.choose(Optional.of(Path.of("/a")), Map.of("SHAREKEEP_CONFIG", "/b")));
    assertEquals(
        Path.of("/b"),
        ConfigurationFile.choose(Optional.empty(), Map.of("SHAREKEEP_CONFIG", "/b")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          an unknown key            | statedirectory: x                 | line 12 | statedirectory
          an unknown nested key     | tls: {certificat: x}              | line 12 | tls.certificat
          a duplicate key           | stateDirectory: other             | line 12 | stateDirectory
          a mapping for a value     | signingThreads: {a: 1}            | line 12 | signingThreads
          a value for a mapping     | limits: 7                         | line 12 | limits
          a list                    | adminSocket: [a]                  | line 12 | lists
          an alias                  | adminSocket: *a                   | line 12 | aliases
          a tag                     | adminSocket: !!str x              | line 12 | tags
          a number that is none     | signingThreads: many              | line 12 | 1 to 64
          a number out of range     | signingThreads: 0                 | line 12 | 1 to 64
          an unknown level          | log: {level: loud}                | line 12 | warn
          an unknown memory mode    | secretMemory: heap                | line 12 | memfd_secret
          a body limit too small    | limits: {bodyBytes: 1}            | line 12 | 65536
          a key of another form     | presignatures: {keys: abc}        | line 12 | 32 hex digits
          too many presignatures    | presignatures: {stock: 9}         | line 12 | 1 to 8
          broken YAML               | '"'                               | line 1  | YAML
          """)
  void isRefusedWithItsPlaceAndWhatToDo(String what, String line, String place, String hint)
      throws Exception {
    var problem =
        assertThrows(ConfigurationProblem.class, () -> read(COMPLETE + line + "\n"), what);
    assertTrue(problem.toString().contains(place), problem.toString());
    assertTrue(problem.toString().contains(hint), problem.toString());
  }

  private static final String TOKENS =
      """
      librarySha256: %s
      parameters: for all
      core:
        profile: own.profile
      edge:
        backend: sunpkcs11
        library: edge.so
      fallback:
        token: two-core
        pinFile: two.pin
        library: /opt/other.so
        parameters: for it
      """
          .formatted("ab".repeat(32));

  private static String with(String tokens) {
    return COMPLETE.replace("listeners:\n", tokens.indent(2) + "listeners:\n");
  }

  @Test
  void eachTokenMayHaveALibraryBackendProfileAndParametersOfItsOwn() throws Exception {
    var hsm = read(with(TOKENS)).hsm();
    var shared =
        TokenLibrary.at(Path.of("/usr/lib/softhsm/libsofthsm2.so"))
            .pinned(Optional.of("ab".repeat(32)))
            .with(Optional.of("for all"));
    assertEquals(shared.under(folder.resolve("own.profile")), Appliance.library(hsm.core()));
    assertEquals(
        TokenLibrary.at(folder.resolve("edge.so")).through(Backend.SUN),
        Appliance.library(hsm.edge()),
        "a library of its own takes nothing of what is said of the other");
    assertEquals(
        Optional.of(
            new TokenPlace(
                Path.of("/opt/other.so"),
                Optional.empty(),
                Optional.of("for it"),
                Optional.empty(),
                "native",
                "two-core",
                folder.resolve("two.pin"))),
        hsm.fallback());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unknown field of a token  | edge: {modul: x}                | line 8    | hsm.edge.parameters
          unknown token             | spare: {token: x}               | line 8    | hsm.fallback.token
          unknown backend           | core: {backend: jce}            | line 8    | native
          hash that is none         | librarySha256: AB               | line 8    | 64 lower-case
          a fallback without PIN    | fallback: {token: x}            |           | hsm.fallback.pinFile
          a fallback without label  | fallback: {pinFile: x}          |           | hsm.fallback.token
          the core as fallback      | fallback: {token: one-core, pinFile: x} | line 8 | another token than core
          the edge as fallback      | fallback: {token: one-edge, pinFile: x} | line 8 | another token than edge
          a library through both    | edge: {backend: sunpkcs11}      |           | both backends
          """)
  void aTokenThatIsNotSaidRightIsRefused(String what, String line, String place, String hint)
      throws Exception {
    var problem = assertThrows(ConfigurationProblem.class, () -> read(with(line + "\n")), what);
    assertTrue(problem.toString().contains(place == null ? "" : place), problem.toString());
    assertTrue(problem.toString().contains(hint), problem.toString());
  }

  @Test
  void presignaturesAreOfTheKeysThatAreNamed() throws Exception {
    assertEquals(Presignatures.NONE.keys(), read(COMPLETE).presignatures().keys());
    var kept =
        read(COMPLETE
                + "presignatures:\n  keys: "
                + "ab".repeat(16)
                + ", "
                + "cd".repeat(16)
                + "\n  stock: 8\n")
            .presignatures();
    assertEquals(Set.of(new KeyId("ab".repeat(16)), new KeyId("cd".repeat(16))), kept.keys());
    assertEquals(8, kept.stock());
  }

  @Test
  void whatIsMissingIsNamed() {
    var problem =
        assertThrows(
            ConfigurationProblem.class,
            () -> read(COMPLETE.replace("  coreToken: one-core\n", "")));
    assertTrue(problem.toString().contains("hsm.coreToken"), problem.toString());
  }

  @ParameterizedTest
  @CsvSource({"8441", "host:", "host:70000", ":1", "host:-1"})
  void anAddressIsHostAndPort(String address) {
    assertThrows(
        ConfigurationProblem.class,
        () -> read(COMPLETE, Map.of(), Map.of("listeners.peer", address)));
  }

  @Test
  void anUnknownSettingOnTheCommandLineIsRefused() {
    assertThrows(ConfigurationProblem.class, () -> read(COMPLETE, Map.of(), Map.of("pin", "1234")));
  }

  @Test
  void aFileThatIsNotThereSaysHowToNameOne() {
    var problem =
        assertThrows(
            ConfigurationProblem.class,
            () -> ConfigurationFile.read(folder.resolve("none"), Map.of(), Map.of()));
    assertTrue(problem.toString().contains("--config"), problem.toString());
  }
}
