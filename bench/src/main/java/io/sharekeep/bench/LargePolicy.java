package io.sharekeep.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.Lists;
import io.sharekeep.enclave.policy.RuledPolicy;
import io.sharekeep.enclave.rules.Ceremony;
import io.sharekeep.enclave.rules.Listing;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A policy as large as one may get: denials of addresses and lists, allowances of other wallets and
 * services before the one that matches, limits of every kind, and its lists.
 */
final class LargePolicy {
  static final String COMMITTEE = "cd".repeat(32);
  static final String WALLET = "ab".repeat(16);
  static final String SERVICE = "svc-0";

  private static final int SERVICES = 40;
  private static final int LIMITS = 5;
  private static final String USDC = "a0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";

  private final byte[] serviceKey = key();
  private final RuledPolicy policy;
  private final Lists lists;
  private final int bytes;

  /**
   * @param rules of which the last matches
   * @param destinations entries of the list that it asks
   */
  LargePolicy(int rules, int destinations) {
    var file = document(json(rules));
    this.policy = RuledPolicy.of(file);
    this.bytes = file.canonical().length;
    var entries = new ArrayList<String>();
    for (int i = 0; i < destinations; i++) {
      entries.add("{\"address\":\"eip155:1:0x" + address(i) + "\"}");
    }
    this.lists =
        Lists.NONE
            .with(list("payees", "\"type\":\"destinations\"", entries))
            .with(
                list(
                    "sanctions",
                    "\"type\":\"screening\",\"expires\":\"2027-03-01T00:00:00Z\"",
                    List.of("{\"address\":\"eip155:1:0x" + address(-1) + "\"}")));
  }

  RuledPolicy policy() {
    return policy;
  }

  Lists lists() {
    return lists;
  }

  /** How many there are; the transactions of {@link #pays} are charged to each. */
  int limits() {
    return LIMITS;
  }

  /** Of the canonical JSON. */
  int bytes() {
    return bytes;
  }

  /** SubjectPublicKeyInfo of {@link #SERVICE}. */
  byte[] serviceKey() {
    return serviceKey.clone();
  }

  /** An unsigned transfer of type 2, as exchanges make them, to one of the destinations. */
  byte[] pays(int destination, BigInteger amount) {
    return HexFormat.of()
        .parseHex(
            "02f86e0181db8459682f00850c9f5014d282be9894"
                + USDC
                + "80b844a9059cbb"
                + "0".repeat(24)
                + address(destination)
                + "%064x".formatted(amount)
                + "c0");
  }

  private static String address(int number) {
    return "%08x".formatted(0x51000000 + number) + "11".repeat(16);
  }

  private String json(int rules) {
    var all = new ArrayList<String>();
    while (all.size() < rules - 1) {
      all.add(rule(all.size()));
    }
    all.add(
        """
        {"id":"pay","effect":"allow","match":{"wallet":"hot","kind":"transfer","asset":"usdc",\
        "amount":{"lte":"5000"},"dest":{"in":["payees"]},"initiator":"svc-0"}}\
        """);
    return """
    {"apiVersion":"sharekeep.policy/v1","kind":"Policy",
     "metadata":{"tenant":"acme","id":"main","party":"vault","version":1},
     "people":{"ada":{"keys":[%1$s]},"ben":{"keys":[%2$s]},"cleo":{"keys":[%3$s]}},
     "services":{%4$s},
     "committees":["%5$s"],
     "groups":{"admins":{"members":{"ada":1,"ben":1,"cleo":1}}},
     "roles":{"administrator":"admins","initiator":[%6$s],"approver":"admins"},
     "chains":["eip155:1"],
     "wallets":{"hot":"%7$s","cold":"%8$s"},
     "assets":{"usdc":{"id":"eip155:1/erc20:0x%9$s","decimals":6},
               "eth":{"id":"eip155:1/slip44:60","decimals":18}},
     "lists":{"payees":{"type":"destinations","change":{"allOf":[{"group":"admins"}]}},
              "sanctions":{"type":"screening","maxAge":"30d","change":{"signedBy":[%1$s]}}},
     "limits":[
       {"id":"usdc-week","match":{"asset":"usdc"},"window":"7d","sum":"1000000000000","per":["wallet","asset"]},
       {"id":"payee-week","match":{"asset":"usdc"},"window":"7d","sum":"100000000","per":["destination"]},
       {"id":"fees-day","match":{"asset":"eth"},"window":"24h","sum":"1000000","per":["wallet"]},
       {"id":"rate","match":{},"window":"10m","count":1000000,"per":["initiator"]},
       {"id":"payees-day","match":{},"window":"24h","distinctDestinations":100000,"per":["wallet"]}],
     "rules":[%10$s],
     "fees":{"eip155:1":{"max":"30000000000000000"}},
     "quorums":{"two":{"allOf":[{"group":"admins","distinct":2}]}},
     "ceremonies":{%11$s},
     "change":{"approvals":{"allOf":[{"group":"admins","distinct":2}]},"timelock":"24h","timelockTightening":"0s"}}
    """
        .formatted(
            named(key()),
            named(key()),
            named(key()),
            services(),
            COMMITTEE,
            String.join(
                ",",
                java.util.stream.IntStream.range(0, SERVICES)
                    .mapToObj(i -> "\"svc-" + i + "\"")
                    .toList()),
            WALLET,
            "ef".repeat(16),
            USDC,
            String.join(",", all),
            String.join(
                ",",
                Arrays.stream(Ceremony.values())
                    .map(ceremony -> "\"" + ceremony.label() + "\":{\"by\":\"two\"}")
                    .toList()));
  }

  /** One that is asked and does not match: by turns a denial of either kind and two allowances. */
  private static String rule(int i) {
    var id = "\"id\":\"rule-" + i + "\"";
    return switch (i % 4) {
      case 0 ->
          "{%s,\"effect\":\"deny\",\"match\":{\"dest\":{\"address\":[\"eip155:1:0x%s\"]}}}"
              .formatted(id, address(-2 - i));
      case 1 ->
          "{%s,\"effect\":\"deny\",\"match\":{\"asset\":\"usdc\",\"amount\":{\"gte\":\"%d\"},\"dest\":{\"in\":[\"sanctions\"]}}}"
              .formatted(id, i % 7 == 0 ? 0 : 6000 + i);
      case 2 ->
          "{%s,\"effect\":\"allow\",\"match\":{\"wallet\":\"%s\",\"kind\":\"transfer\",\"asset\":\"%s\",\"amount\":{\"lte\":\"%d\"},\"dest\":{\"in\":[\"payees\"]}}}"
              .formatted(id, i % 8 == 2 ? "cold" : "hot", i % 8 == 2 ? "usdc" : "eth", 1 + i);
      default ->
          "{%s,\"effect\":\"allow\",\"match\":{\"wallet\":\"hot\",\"kind\":\"transfer\",\"initiator\":\"svc-%d\",\"asset\":\"usdc\",\"amount\":{\"lte\":\"%d\"}}}"
              .formatted(id, 1 + i % (SERVICES - 1), 1 + i);
    };
  }

  private String services() {
    var services = new ArrayList<String>();
    for (int i = 0; i < SERVICES; i++) {
      services.add("\"svc-%d\":{\"keys\":[%s]}".formatted(i, named(i == 0 ? serviceKey : key())));
    }
    return String.join(",", services);
  }

  private static Lists.Held list(String name, String more, List<String> entries) {
    var json =
        """
        {"apiVersion":"sharekeep.list/v1","tenant":"acme","name":"%s",%s,"version":1,
         "issued":"2027-01-10T00:00:00Z","entries":[%s]}
        """
            .formatted(name, more, String.join(",", entries));
    var file = document(json);
    return new Lists.Held(Listing.read(StrictJson.object(file.canonical())), file.hash());
  }

  private static DocumentFile document(String json) {
    return switch (DocumentFile.parse(json.getBytes(UTF_8))) {
      case DocumentFile.Parsed.Document(var file) -> file;
      case DocumentFile.Parsed.Malformed(String reason) -> throw new IllegalStateException(reason);
    };
  }

  private static String named(byte[] key) {
    return "{\"algorithm\":\"ed25519\",\"key\":\"" + HexFormat.of().formatHex(key) + "\"}";
  }

  private static byte[] key() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }
}
