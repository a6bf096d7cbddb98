package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import java.util.List;
import java.util.Locale;

/**
 * The state of the appliance and of what holds its secrets.
 *
 * @param state {@code operational} or {@code frozen}
 * @param incarnation counts restores
 * @param token backend: {@code native} or {@code sunpkcs11}
 * @param store kind of store, such as {@code sqlite}
 * @param waivers ids of the signed waivers in force, by which a peer is let in
 * @param sharedAdministration whether configuration admits it
 */
public record ApplianceState(
    String state,
    long incarnation,
    Unlock unlock,
    Memory memory,
    String token,
    String store,
    List<String> waivers,
    boolean sharedAdministration) {
  public ApplianceState {
    waivers = List.copyOf(waivers);
  }

  /** How the core token was opened. */
  public enum Unlock {
    ATTENDED,
    UNATTENDED;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where open secrets lie. */
  public enum Memory {
    MEMFD_SECRET,
    MLOCK,
    HEAP;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Cbor toCbor() {
    return Named.map(m ->
        m.put("state", state)
            .put("incarnation", incarnation)
            .put("unlock", unlock.label())
            .put("memory", memory.label())
            .put("token", token)
            .put("store", store)
            .put("waivers", waivers, Cbor::text)
            .put("shared_administration", sharedAdministration));
  }

  static ApplianceState read(NamedFields f) {
    return new ApplianceState(
        f.text("state", 1, 32),
        f.integer("incarnation", 0, Long.MAX_VALUE),
        f.choice("unlock", Unlock.class, Unlock::label),
        f.choice("memory", Memory.class, Memory::label),
        f.text("token", 1, 32),
        f.text("store", 1, 32),
        f.texts("waivers", 64, 128),
        f.bool("shared_administration"));
  }
}
