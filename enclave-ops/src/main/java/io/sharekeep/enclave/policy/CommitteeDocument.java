package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The parties that hold keys together, what each is pinned to and which evaluation points it owns
 * (system design, section 9; rules of protocols, section 5.1). Signed by the owner of every party.
 *
 * @param network which Bitcoin network addresses are shown for: {@code mainnet}, {@code testnet} or
 *     {@code regtest}
 */
public record CommitteeDocument(
    String tenant, String id, int threshold, String network, List<Party> parties) {
  private static final int MAX_PARTIES = 32;
  private static final int MAX_POINTS = 64;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern NETWORK = Pattern.compile("mainnet|testnet|regtest");

  /**
   * One party.
   *
   * @param url base of its peer listener
   * @param identity SubjectPublicKeyInfo of its P-256 {@code identity} key
   * @param log likewise of its {@code log} key
   * @param tls hex SHA-256 of the SubjectPublicKeyInfo of its {@code tls} key
   * @param owner SubjectPublicKeyInfo of the Ed25519 or P-256 key of whoever owns the party
   * @param recoveryRecipient hex fingerprint of the key its recovery shares go to
   */
  public record Party(
      int id,
      String name,
      String url,
      byte[] identity,
      byte[] log,
      String tls,
      byte[] owner,
      String recoveryRecipient,
      List<Integer> points) {}

  /**
   * Reads and checks.
   *
   * @throws MalformedJson naming what is wrong
   */
  public static CommitteeDocument read(byte[] json) {
    var document =
        JsonFields.read(
            StrictJson.object(json),
            "",
            fields -> {
              fields.text("apiVersion", 64);
              return new CommitteeDocument(
                  fields.text("tenant", 32, NAME, "lower-case letters, digits and dashes"),
                  fields.text("id", 32, NAME, "lower-case letters, digits and dashes"),
                  fields.integer("threshold", 2, MAX_POINTS),
                  fields.text("network", 8, NETWORK, "mainnet, testnet or regtest"),
                  fields.objectList("parties", MAX_PARTIES, CommitteeDocument::party));
            });
    document.check();
    return document;
  }

  private static Party party(JsonFields fields) {
    return new Party(
        fields.integer("id", 1, 65535),
        fields.text("name", 32, NAME, "lower-case letters, digits and dashes"),
        url(fields.text("url", 256)),
        key(fields, "identity", KeyAlgorithm.P256),
        key(fields, "log", KeyAlgorithm.P256),
        fields.text("tls", 64, SHA256, "the SHA-256 of a public key: 64 hex digits"),
        key(fields, "owner", KeyAlgorithm.ED25519),
        fields.text("recoveryRecipient", 64, SHA256, "a fingerprint: 64 hex digits"),
        fields.integerList("points", MAX_POINTS, 1, 65535));
  }

  private static String url(String value) {
    try {
      var uri = URI.create(value);
      if ("https".equals(uri.getScheme())
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null
          && String.valueOf(uri.getPath()).isEmpty()) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      // Said below for every way of being wrong.
    }
    throw new MalformedJson("url must be https://HOST:PORT without path");
  }

  private static byte[] key(JsonFields fields, String field, KeyAlgorithm algorithm) {
    byte[] spki = fields.hex(field, 40, 128);
    if (SignatureKeys.decode(algorithm, spki).isEmpty()) {
      throw new MalformedJson(
          field + " must be the hex SubjectPublicKeyInfo of a " + algorithm.label() + " key");
    }
    return spki;
  }

  /** Section 5.1, and that no two parties share anything that must tell them apart. */
  private void check() {
    if (parties.size() < 2) {
      throw new MalformedJson("a committee has at least two parties");
    }
    var seen = new HashMap<String, Set<Object>>();
    var points = new HashSet<Integer>();
    for (var party : parties) {
      distinct(seen, "id", party.id());
      distinct(seen, "name", party.name());
      distinct(seen, "url", party.url());
      distinct(seen, "identity", HexFormat.of().formatHex(party.identity()));
      distinct(seen, "log", HexFormat.of().formatHex(party.log()));
      distinct(seen, "tls", party.tls());
      distinct(seen, "recoveryRecipient", party.recoveryRecipient());
      if (party.points().isEmpty()) {
        throw new MalformedJson("party " + party.name() + " owns no evaluation point");
      }
      if (party.points().size() >= threshold) {
        throw new MalformedJson(
            "party "
                + party.name()
                + " owns "
                + party.points().size()
                + " points of a threshold of "
                + threshold
                + ": it would hold the key alone");
      }
      for (int point : party.points()) {
        if (!points.add(point)) {
          throw new MalformedJson("evaluation point " + point + " is owned twice");
        }
      }
    }
    if (points.size() < threshold) {
      throw new MalformedJson(
          "the threshold is " + threshold + " but there are only " + points.size() + " points");
    }
  }

  private static void distinct(Map<String, Set<Object>> seen, String what, Object value) {
    if (!seen.computeIfAbsent(what, _ -> new HashSet<>()).add(value)) {
      throw new MalformedJson("two parties have one " + what);
    }
  }

  public Optional<Party> party(int party) {
    return parties.stream().filter(p -> p.id() == party).findFirst();
  }

  /** Which party is pinned to that identity key. */
  public Optional<Party> withIdentity(byte[] spki) {
    return parties.stream().filter(p -> Arrays.equals(p.identity(), spki)).findFirst();
  }

  /** Evaluation point → party. */
  public Map<Integer, Integer> owners() {
    var owners = new TreeMap<Integer, Integer>();
    parties.forEach(party -> party.points().forEach(point -> owners.put(point, party.id())));
    return owners;
  }

  /** Why that file is not a committee document signed by all owners; empty if it is. */
  public static List<String> objections(DocumentFile file) {
    return file.kind() == DocumentFile.Kind.COMMITTEE
        ? file.problems()
        : List.of("this is a policy, not a committee document");
  }
}
