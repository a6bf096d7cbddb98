package io.sharekeep.enclave.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.Signer;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.rules.Facts.Part;
import io.sharekeep.intent.AssetId;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Destination;
import io.sharekeep.intent.Fee;
import io.sharekeep.intent.Transfer;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A treasury's policy that the tests bend, and transactions to hold against it. */
final class Policies {
  static final ChainId ETHEREUM = new ChainId("eip155:1");
  static final AssetId USDC =
      new AssetId(ETHEREUM, "erc20:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
  static final AssetId ETHER = new AssetId(ETHEREUM, "slip44:60");
  static final String EXCHANGE = "0x5290842e27a5D3f7BD6b3d8fA1d8a0c1d0009EE7";
  static final String SANCTIONED = "0x00000000000000000000000000000000000000bd";
  static final String WALLET = "ab".repeat(16);
  static final String COMMITTEE = "cd".repeat(32);

  /** A Monday, at noon in Zurich. */
  static final Instant NOON = Instant.parse("2027-01-11T11:00:00Z");

  private static final List<String> KEYS =
      java.util.stream.Stream.generate(() -> Signer.ed25519().hex()).limit(6).toList();

  private Policies() {}

  static ObjectNode treasury() {
    return StrictJson.object(
        """
        {"apiVersion": "sharekeep.policy/v1", "kind": "Policy",
         "metadata": {"tenant": "acme", "id": "main", "party": "vault", "version": 1},
         "people": {%s},
         "services": {"svc": {"keys": [{"algorithm": "ed25519", "key": "%s"}]}},
         "committees": ["%s"],
         "groups": {"treasury": {"members": {"alice": 1, "bob": 1, "carol": 2}},
                    "risk": {"members": {"carol": 1, "dave": 1}}},
         "roles": {"administrator": "treasury", "initiator": ["svc", "alice"], "approver": ["treasury", "risk"]},
         "chains": ["eip155:1"],
         "wallets": {"hot": "%s"},
         "assets": {"usdc": {"id": "%s", "decimals": 6}, "eth": {"id": "%s", "decimals": 18}},
         "lists": {"exchanges": {"type": "destinations", "coolOff": "24h",
                                 "change": {"allOf": [{"group": "treasury", "distinct": 2}]}},
                   "sanctions": {"type": "screening", "maxAge": "72h",
                                 "change": {"signedBy": [{"algorithm": "ed25519", "key": "%s"}]}}},
         "limits": [
           {"id": "usdc-day", "match": {"asset": "usdc"}, "window": "24h", "sum": "500000", "per": ["wallet", "asset"]},
           {"id": "rate", "match": {}, "window": "10m", "count": 20, "per": ["initiator"]},
           {"id": "new-dest", "match": {}, "window": "24h", "distinctDestinations": 5, "per": ["wallet"]}],
         "rules": [
           {"id": "no-power", "effect": "deny", "match": {"kind": ["grant", "evm.set-code", "evm.create", "raw.digest"]}},
           {"id": "screened", "effect": "deny", "match": {"dest": {"in": ["sanctions"]}}},
           {"id": "night", "effect": "deny", "match": {"time": {"outside": "07:00-20:00", "tz": "Europe/Zurich", "days": ["mon", "tue", "wed", "thu", "fri"]}}},
           {"id": "small", "effect": "allow", "match": {"wallet": "hot", "kind": "transfer", "asset": "usdc", "amount": {"lte": "5000"}, "dest": {"in": ["exchanges"]}, "initiator": "svc"}},
           {"id": "large", "effect": "allow", "match": {"wallet": "hot", "kind": "transfer", "asset": "usdc", "amount": {"lte": "250000"}, "dest": {"in": ["exchanges"]}},
            "approvals": {"allOf": [{"group": "treasury", "weight": 2, "distinct": 2}, {"group": "risk"}], "within": "4h"}}],
         "fees": {"eip155:1": {"max": "30000000000000000"}},
         "quorums": {"q": {"allOf": [{"group": "treasury", "distinct": 2}]}},
         "ceremonies": {%s},
         "change": {"approvals": {"allOf": [{"group": "treasury", "weight": 3, "distinct": 2}]},
                    "timelock": "24h", "timelockTightening": "0s"}}
        """
            .formatted(
                String.join(
                    ",",
                    List.of(
                        person("alice", 0),
                        person("bob", 1),
                        person("carol", 2),
                        person("dave", 3))),
                KEYS.get(4),
                COMMITTEE,
                WALLET,
                USDC,
                ETHER,
                KEYS.get(5),
                String.join(
                    ",",
                    java.util.Arrays.stream(Ceremony.values())
                        .map(c -> "\"" + c.label() + "\": {\"by\": \"q\"}")
                        .toList()))
            .getBytes(UTF_8));
  }

  private static String person(String name, int key) {
    return "\"%s\": {\"keys\": [{\"algorithm\": \"ed25519\", \"key\": \"%s\"}]}"
        .formatted(name, KEYS.get(key));
  }

  static Policy policy() {
    return PolicyReader.read(treasury());
  }

  static Policy policy(Consumer<ObjectNode> change) {
    var json = treasury();
    change.accept(json);
    return PolicyReader.read(json);
  }

  static ObjectNode parsed(String json) {
    return StrictJson.object(json.getBytes(UTF_8));
  }

  /** Both lists, fresh at noon. */
  static Map<String, Listing> lists() {
    return Map.of(
        "exchanges",
            listing("exchanges", Listing.Type.DESTINATIONS, "2027-01-01T00:00:00Z", EXCHANGE),
        "sanctions",
            listing("sanctions", Listing.Type.SCREENING, "2027-01-10T00:00:00Z", SANCTIONED));
  }

  static Listing list(String name) {
    return java.util.Objects.requireNonNull(lists().get(name));
  }

  static Listing listing(String name, Listing.Type type, String issued, String... addresses) {
    var since = new java.util.HashMap<String, Instant>();
    for (var address : addresses) {
      since.put(Facts.canonical(ETHEREUM, address), Instant.parse(issued));
    }
    return new Listing(
        "acme",
        name,
        type,
        1,
        Optional.empty(),
        Instant.parse(issued),
        Optional.of(Instant.parse("2027-02-01T00:00:00Z")),
        since);
  }

  static Evaluator evaluator(Policy policy) {
    return new Evaluator(policy, lists());
  }

  /** So many whole USDC to an address. */
  static Part usdc(long amount, String to) {
    return new Part.Payment(
        new Transfer(
            USDC,
            new Destination(ETHEREUM, to),
            BigInteger.valueOf(amount).multiply(BigInteger.valueOf(1_000_000))));
  }

  static Facts pays(String initiator, Part... parts) {
    return facts(initiator, "transfer", parts);
  }

  static Facts facts(String initiator, String kind, Part... parts) {
    var list = new ArrayList<>(List.of(parts));
    return new Facts(
        initiator,
        COMMITTEE,
        WALLET,
        "evm.tx",
        Facts.kinds(kind, list),
        ETHEREUM,
        list,
        new Fee(ETHER, BigInteger.valueOf(6_300_000_000_000_000L)),
        Set.of(),
        Set.of("vault", "cloud"),
        Optional.empty());
  }
}
