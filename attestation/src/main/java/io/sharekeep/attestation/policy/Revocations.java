package io.sharekeep.attestation.policy;

import io.sharekeep.attestation.cose.CoseHeader;
import io.sharekeep.attestation.cose.CoseSign1;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What an auditor no longer accepts: {@code {"spki_sha256": [hex…], "ueids": [hex…]}}, signed as
 * the policy is, by the same key.
 *
 * @param keys SHA-256 of SubjectPublicKeyInfo
 */
public record Revocations(Set<Octets> keys, Set<Octets> ueids) {
  /** Of who revokes nothing. */
  public static final Revocations NONE = new Revocations(Set.of(), Set.of());

  public Revocations {
    keys = Set.copyOf(keys);
    ueids = Set.copyOf(ueids);
  }

  /** Reads lists that must be the policy's signer's. */
  public static Parsed<Revocations> read(List<byte[]> files, Octets signer) {
    var keys = new HashSet<Octets>();
    var ueids = new HashSet<Octets>();
    for (byte[] file : files) {
      switch (PolicyFile.document(file, CoseHeader.REVOCATIONS)) {
        case Parsed.Malformed<PolicyFile.Document>(var reason) -> {
          return new Parsed.Malformed<>(reason);
        }
        case Parsed.Valid<PolicyFile.Document>(var document) -> {
          if (!document.signer().equals(signer)) {
            return new Parsed.Malformed<>("it is signed by another key than the policy");
          }
          switch (list(document.json())) {
            case Parsed.Malformed<Revocations>(var reason) -> {
              return new Parsed.Malformed<>(reason);
            }
            case Parsed.Valid<Revocations>(var list) -> {
              keys.addAll(list.keys);
              ueids.addAll(list.ueids);
            }
          }
        }
      }
    }
    return new Parsed.Valid<>(new Revocations(keys, ueids));
  }

  /** Signs a list. */
  public static Parsed<byte[]> sign(byte[] json, byte[] spki, UnaryOperator<byte[]> signer) {
    return switch (list(json)) {
      case Parsed.Malformed<Revocations>(var reason) -> new Parsed.Malformed<>(reason);
      case Parsed.Valid<Revocations> _ ->
          switch (Json.read(json)) {
            case Decoded.Malformed(var reason, var _) -> new Parsed.Malformed<>(reason);
            case Decoded.Item(var item) ->
                new Parsed.Valid<>(
                    CoseSign1.write(
                        CoseHeader.document(CoseHeader.REVOCATIONS, spki),
                        Json.write(item),
                        signer));
          };
    };
  }

  private static Parsed<Revocations> list(byte[] json) {
    return switch (Json.read(json)) {
      case Decoded.Malformed(var reason, var _) -> new Parsed.Malformed<>(reason);
      case Decoded.Item(var item) ->
          NamedFields.read(
              item,
              f ->
                  new Revocations(
                      new HashSet<>(f.hexes("spki_sha256", 4096, 32)),
                      new HashSet<>(f.hexes("ueids", 4096, 33))));
    };
  }
}
