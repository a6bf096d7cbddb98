package io.sharekeep.appliance.config;

import io.sharekeep.appliance.ApplianceConfiguration.Hsm;
import io.sharekeep.appliance.config.ConfigurationFile.Setting;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.pkcs11.terms.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which token is where. What stands under {@code hsm} holds for all of them, what stands under
 * {@code hsm.core}, {@code hsm.edge} or {@code hsm.fallback} for that one. A token that names a
 * library of its own takes nothing of what is said of the other one.
 */
final class HsmSettings {
  private static final List<String> OF_A_LIBRARY =
      List.of("library", "librarySha256", "backend", "profile", "parameters");

  /** Every setting of a token. */
  static final Set<String> KNOWN = known();

  private final ConfigurationFile file;

  HsmSettings(ConfigurationFile file) {
    this.file = file;
  }

  private static Set<String> known() {
    var known =
        new ArrayList<>(
            List.of(
                "hsm.coreToken",
                "hsm.corePinFile",
                "hsm.edgeToken",
                "hsm.edgePinFile",
                "hsm.fallback.token",
                "hsm.fallback.pinFile"));
    for (var whose : List.of("hsm.", "hsm.core.", "hsm.edge.", "hsm.fallback.")) {
      OF_A_LIBRARY.forEach(setting -> known.add(whose + setting));
    }
    return Set.copyOf(known);
  }

  Hsm read() {
    var core = place("core", "hsm.coreToken", "hsm.corePinFile");
    var edge = place("edge", "hsm.edgeToken", "hsm.edgePinFile");
    Optional<TokenPlace> fallback =
        file.hasUnder("hsm.fallback.")
            ? Optional.of(place("fallback", "hsm.fallback.token", "hsm.fallback.pinFile"))
            : Optional.empty();
    var all = new ArrayList<>(List.of(core, edge));
    fallback.ifPresent(place -> {
      apart(place, core, "core");
      apart(place, edge, "edge");
      all.add(place);
    });
    oneBackendEach(all);
    return new Hsm(core, edge, fallback);
  }

  private TokenPlace place(String role, String label, String pinFile) {
    var whose =
        file.optional("hsm." + role + ".library").isPresent()
            ? List.of("hsm." + role + ".")
            : List.of("hsm." + role + ".", "hsm.");
    var library =
        of(whose, "library").or(() -> Optional.of(file.required("hsm.library"))).map(file::path);
    return new TokenPlace(
        library.orElseThrow(),
        of(whose, "librarySha256").map(HsmSettings::sha256),
        of(whose, "parameters").map(Setting::value),
        of(whose, "profile").map(file::path),
        of(whose, "backend").map(HsmSettings::backend).orElse(Backend.NATIVE).label(),
        file.required(label).value(),
        file.path(file.required(pinFile)));
  }

  private Optional<Setting> of(List<String> whose, String setting) {
    return whose.stream().flatMap(prefix -> file.optional(prefix + setting).stream()).findFirst();
  }

  private static String sha256(Setting setting) {
    if (!setting.value().matches("[0-9a-f]{64}")) {
      throw new ConfigurationProblem(
          setting.place()
              + ": write the library's SHA-256 as 64 lower-case hex digits; sharekeep hsm probe"
              + " prints it");
    }
    return setting.value();
  }

  private static Backend backend(Setting setting) {
    return Backend.of(setting.value())
        .orElseThrow(() ->
            new ConfigurationProblem(
                setting.place() + ": write native (it does everything) or sunpkcs11"));
  }

  /** What can be seen of it here; that two labels are one token shows in their serials only. */
  private void apart(TokenPlace fallback, TokenPlace other, String role) {
    if (fallback.label().equals(other.label()) && fallback.library().equals(other.library())) {
      throw new ConfigurationProblem(
          file.required("hsm.fallback.token").place()
              + ": the fallback must be another token than "
              + role
              + ", at best in another HSM");
    }
  }

  /** Both would share one login state, and each would end the other's sessions. */
  private void oneBackendEach(List<TokenPlace> all) {
    for (var one : all) {
      for (var other : all) {
        if (one.library().equals(other.library()) && !one.backend().equals(other.backend())) {
          throw new ConfigurationProblem(
              file.name()
                  + ": the library "
                  + one.library()
                  + " would be used through both backends, which end each other's sessions; write"
                  + " one backend for all its tokens");
        }
      }
    }
  }
}
