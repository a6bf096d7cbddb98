package io.sharekeep.enclave.session;

import io.sharekeep.attestation.note.SignedCheckpoint;
import io.sharekeep.enclave.DerivedKey;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.audit.AuditLog;
import io.sharekeep.enclave.store.Approvals;
import io.sharekeep.enclave.store.Bans;
import io.sharekeep.enclave.store.Bindings;
import io.sharekeep.enclave.store.Blames;
import io.sharekeep.enclave.store.Consumptions;
import io.sharekeep.enclave.store.Decisions;
import io.sharekeep.enclave.store.Freezes;
import io.sharekeep.enclave.store.KeyRecords;
import io.sharekeep.enclave.store.OtMarks;
import io.sharekeep.enclave.store.Outboxes;
import io.sharekeep.enclave.store.PairRows;
import io.sharekeep.enclave.store.PendingPolicies;
import io.sharekeep.enclave.store.Requests;
import io.sharekeep.enclave.store.Sessions;
import io.sharekeep.enclave.store.SignerSets;
import io.sharekeep.enclave.store.StatementRows;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.store.Waiting;
import io.sharekeep.enclave.vault.Kek;
import io.sharekeep.enclave.vault.KekHome;
import io.sharekeep.enclave.vault.PairVault;
import io.sharekeep.enclave.vault.ShareVault;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.Octets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What every session of one process works with. Built once, in {@code Core}; nothing in it is a
 * secret.
 *
 * @param inForce the documents in force; changed on the store's writer thread alone
 * @param core the token with the signing keys, as far as it is fit
 * @param identity signs with the HSM's identity key; given only structures that were built here
 * @param pairs which pairs of ECDSA keys may be used
 * @param stock presignatures of this process
 * @param lockouts which signers of ECDSA keys came to nothing together
 * @param marks which of them are in use right now, past the death of this process
 * @param boot 16 bytes: this process
 */
record Desk(
    Store store,
    String tenant,
    AuditLog log,
    ShareVault vault,
    PairVault pairVault,
    KekHome core,
    KeyRing keys,
    PairRegister pairs,
    Stock stock,
    Lockouts lockouts,
    OtMarks marks,
    AtomicReference<Books> inForce,
    Peers peers,
    EnvelopeKeys envelopeKeys,
    UnaryOperator<byte[]> identity,
    Function<GroupId, Group> groups,
    Primitives primitives,
    SignatureVerifier verifier,
    Signing signing,
    Counters counters,
    SteadyTime clock,
    Octets boot) {
  /** Whether the fallback token opens in the place of the core token, which is lost. */
  boolean onFallback() {
    return !core.isFit() && fallback().filter(KekHome::isFit).isPresent();
  }

  /** The second token, if there is to be one. */
  Optional<KekHome> fallback() {
    return vault.keks().current(KekHome.Role.FALLBACK).map(Kek::home);
  }

  /**
   * The newest checkpoint. While the core token, which alone signs them, is lost and the fallback
   * token opens, the last one that it signed: peers hold this party to no more than they have seen.
   * The certificate of the envelope key, which the core token must renew as well, ends that.
   */
  SignedCheckpoint checkpoint() {
    var last = log.lastCheckpoint();
    if (last.isPresent() && onFallback()) {
      return last.get();
    }
    try {
      return log.checkpoint();
    } catch (TokenException e) {
      if (last.isPresent() && KekHome.isLost(e) && fallback().filter(KekHome::isFit).isPresent()) {
        return last.get();
      }
      throw e;
    }
  }

  KeyDescription describe(HeldKey key) {
    return KeyRing.describe(key, books(), signing);
  }

  Optional<KeyDescription> describe(KeyId id) {
    return keys.find(id).map(this::describe);
  }

  Optional<DerivedKey> derived(KeyId id, KeyPath path) {
    return keys.find(id)
        .flatMap(key ->
            signing
                .derived(key, path)
                .map(derived ->
                    new DerivedKey(
                        path,
                        derived.key().toString(),
                        KeyRing.addresses(key, path, books(), signing))));
  }

  Group group(HeldKey key) {
    return groups.apply(key.group());
  }

  Requests requests() {
    return new Requests(tenant);
  }

  /** The documents in force now. */
  Books books() {
    return inForce.get();
  }

  Freezes freezes() {
    return new Freezes(tenant);
  }

  PendingPolicies pendingPolicies() {
    return new PendingPolicies(tenant);
  }

  Blames blames() {
    return new Blames(tenant);
  }

  Decisions decisions() {
    return new Decisions(tenant);
  }

  Waiting waiting() {
    return new Waiting(tenant);
  }

  Approvals approvals() {
    return new Approvals(tenant);
  }

  Sessions sessions() {
    return new Sessions(tenant);
  }

  Outboxes outboxes() {
    return new Outboxes(tenant);
  }

  PairRows pairRows() {
    return new PairRows(tenant);
  }

  SignerSets signerSets() {
    return new SignerSets(tenant);
  }

  Bans bans() {
    return new Bans(tenant);
  }

  Bindings bindings() {
    return new Bindings(tenant);
  }

  Consumptions consumptions() {
    return new Consumptions(tenant);
  }

  KeyRecords keyRecords() {
    return new KeyRecords(tenant);
  }

  StatementRows statements() {
    return new StatementRows(tenant);
  }
}
