package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import java.util.Optional;
import java.util.Set;

/** What a party's policy says of people and committees, whichever of its two forms it has. */
public sealed interface PartyPolicy permits PolicyDocument, RuledPolicy {
  String tenant();

  String id();

  /** The party's name in its committees. */
  String party();

  int version();

  /** Hashes of the committee documents that this party accepts. */
  Set<String> committees();

  /** Whose key that is, as far as requests may be signed with it. */
  Optional<String> ownerOf(KeyAlgorithm algorithm, byte[] spki);

  /** Who connects with that key: hex SHA-256 of its SubjectPublicKeyInfo. */
  Optional<String> ownerOfPin(String pin);

  /** Which roles that person or service has. */
  Set<Role> rolesOf(String name);
}
