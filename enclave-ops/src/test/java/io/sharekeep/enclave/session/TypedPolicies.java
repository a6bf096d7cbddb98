package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.OfflineRequest;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.Signer;
import io.sharekeep.enclave.rules.Ceremony;
import io.sharekeep.intent.ChainId;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A typed policy that three parties share but for their names, on Solana. */
final class TypedPolicies {
  static final ChainId CHAIN = ChainId.SOLANA_DEVNET;

  /** People besides the administrator of {@link Parties}. */
  static final Map<String, Signer> PEOPLE =
      new TreeMap<>(
          Map.of("ben", Signer.ed25519(), "cleo", Signer.p256(), "dan", Signer.ed25519()));

  /** Lamports that one day may cost, fees included. */
  static final long DAY = 10_000_000;

  /** Up to so many lamports nobody is asked. */
  static final long SMALL = 2_000_000;

  /** Up to so many two people are. */
  static final long LARGE = 6_000_000;

  /** An address that nobody may pay: the System program's. */
  static final String FORBIDDEN = "11111111111111111111111111111112";

  private TypedPolicies() {}

  static Signer person(String name) {
    return java.util.Optional.ofNullable(PEOPLE.get(name)).orElseThrow();
  }

  static String of(String party, List<String> committees) {
    return of(party, committees, "");
  }

  /**
   * @param more rules before the usual ones, each with a comma behind it
   */
  static String of(String party, List<String> committees, String more) {
    return """
    {"apiVersion": "sharekeep.policy/v1", "kind": "Policy",
     "metadata": {"tenant": "acme", "id": "main", "party": "%s", "version": 1},
     "people": {"ada": {"keys": [%s], "tls": ["%s"]}, %s},
     "services": {"svc": {"keys": [%s]}},
     "committees": [%s],
     "groups": {"treasury": {"members": {"ben": 1, "cleo": 1, "dan": 1}},
                "admins": {"members": {"ada": 1, "ben": 1, "cleo": 1}},
                "makers": {"members": {"ada": 2, "ben": 1, "cleo": 1}}},
     "roles": {"administrator": "admins", "initiator": ["svc", "ben"], "approver": "treasury"},
     "chains": ["%s"],
     "assets": {"sol": {"id": "%s/slip44:501", "decimals": 9}},
     "limits": [
       {"id": "sol-day", "match": {"asset": "sol"}, "window": "24h", "sum": "0.01", "per": ["wallet"]},
       {"id": "open", "match": {}, "pending": 3, "per": ["initiator", "wallet"]}],
     "rules": [%s
       {"id": "no-power", "effect": "deny", "match": {"kind": ["grant", "sol.call"]}},
       {"id": "forbidden", "effect": "deny", "match": {"dest": {"address": ["%s:%s"]}}},
       {"id": "small", "effect": "allow", "match": {"kind": "transfer", "asset": "sol", "amount": {"lte": "0.002"}}},
       {"id": "large", "effect": "allow", "match": {"kind": "transfer", "asset": "sol", "amount": {"lte": "0.006"}},
        "approvals": {"allOf": [{"group": "treasury", "weight": 2, "distinct": 2}], "within": "2h"}}],
     "fees": {"%s": {"max": "100000"}},
     "quorums": {"make": {"allOf": [{"group": "makers", "weight": 2, "distinct": 1}], "excludeInitiator": false, "within": "2h"},
                 "two": {"allOf": [{"group": "admins", "distinct": 2}], "excludeInitiator": false}},
     "ceremonies": {%s},
     "change": {"approvals": {"allOf": [{"group": "admins", "distinct": 2}]},
                "timelock": "24h", "timelockTightening": "0s"}}
    """
        .formatted(
            party,
            key(Parties.ADMIN),
            "aa".repeat(32),
            PEOPLE.entrySet().stream()
                .map(entry ->
                    "\"%s\": {\"keys\": [%s]}".formatted(entry.getKey(), key(entry.getValue())))
                .collect(Collectors.joining(", ")),
            key(Parties.SERVICE),
            String.join(",", committees.stream().map(hash -> '"' + hash + '"').toList()),
            CHAIN,
            CHAIN,
            more,
            CHAIN,
            FORBIDDEN,
            CHAIN,
            Arrays.stream(Ceremony.values())
                .map(ceremony ->
                    "\"%s\": {\"by\": \"%s\"}"
                        .formatted(ceremony.label(), ceremony == Ceremony.KEYGEN ? "make" : "two"))
                .collect(Collectors.joining(", ")));
  }

  /** A request, good for almost a day, that so many lamports go to that account. */
  static Order.Sign pays(
      Parties parties, KeyDescription key, long lamports, byte[] to, SplittableRandom random) {
    byte[] payload =
        Payloads.solana(HexFormat.of().parseHex(key.publicKeyHex()), to, lamports, random);
    var request = parties.request(key, payload);
    var day =
        new SignRequest(
            request.requestId(),
            request.committee(),
            request.keyId(),
            request.path(),
            request.purpose(),
            request.payloadSha256(),
            request.expect(),
            parties.now().plus(Duration.ofHours(23)).truncatedTo(ChronoUnit.SECONDS));
    return new Order.Sign(Parties.SERVICE.sign(day), payload);
  }

  /** What a person signs about a request that waits at party 1, under the policies of all. */
  static byte[] said(Parties parties, Order order, String person, String choice) {
    if (!(OfflineRequest.parse(parties.enclave(1).waiting(order.requestId()).orElseThrow().json())
        instanceof OfflineRequest.Parsed.Valid(OfflineRequest request))) {
      throw new AssertionError("an exported request does not read");
    }
    var signer = person(person);
    return request.said(
        person,
        choice,
        parties.all().values().stream()
            .map(enclave -> ((Core) enclave).desk().books().policyHash())
            .toList(),
        parties.now().plus(Duration.ofHours(5)).truncatedTo(ChronoUnit.SECONDS),
        new OfflineRequest.Pen(signer.algorithm(), signer.spki(), signer::sign));
  }

  /** A key that ben asks for, who may not make one alone. */
  static Order.GenerateKey wanted(Parties parties, String committee) {
    if (parties.key(committee, Scheme.FROST_ED25519) instanceof Order.GenerateKey asked) {
      return new Order.GenerateKey(person("ben").sign(asked.request().body()));
    }
    throw new AssertionError("this was no request for a key");
  }

  private static String key(Signer signer) {
    return "{\"algorithm\": \"%s\", \"key\": \"%s\"}"
        .formatted(signer.algorithm().label(), signer.hex());
  }
}
