package io.sharekeep.enclave.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.rules.Facts.Part;
import io.sharekeep.intent.AssetId;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.Call;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Destination;
import io.sharekeep.intent.Fee;
import io.sharekeep.intent.Grant;
import io.sharekeep.intent.Transfer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Transactions in words, and what a policy is expected to say of them.
 *
 * @param lists the lists as they stand in all cases
 */
public record CaseTable(Map<String, Listing> lists, List<Case> cases) {
  /** The value of the field {@code apiVersion}. */
  public static final String API_VERSION = "sharekeep.cases/v1";

  private static final Pattern HEX = Pattern.compile("0x(?:[0-9a-f]{2}){4,4096}");
  private static final Set<String> WORDS = Set.of("approved", "deferred", "denied");

  public CaseTable {
    lists = Map.copyOf(lists);
    cases = List.copyOf(cases);
  }

  /**
   * @param spent limit → what each of its windows holds already, in base units or a number
   * @param decision {@code approved}, {@code deferred} or {@code denied}
   * @param rule which rule, limit or invariant decides; absent: any
   * @param after limit → what its window holds afterwards
   */
  public record Case(
      String id,
      Instant at,
      Facts facts,
      Set<String> approvals,
      Map<String, BigInteger> spent,
      String decision,
      Optional<String> rule,
      Map<String, BigInteger> after) {}

  /**
   * Reads and checks.
   *
   * @throws io.sharekeep.enclave.json.MalformedJson naming the field and what is wrong with it
   */
  public static CaseTable read(ObjectNode json, Policy policy) {
    return JsonFields.read(json, "", fields -> new Reader(policy).table(fields));
  }

  /** With the policy at hand, whose names the cases use. */
  private record Reader(Policy policy) {
    CaseTable table(JsonFields fields) {
      fields.text("apiVersion", 64, Pattern.compile(Pattern.quote(API_VERSION)), API_VERSION);
      var lists = new HashMap<String, Listing>();
      fields
          .map(
              "lists",
              64,
              (node, path) -> {
                if (!(node instanceof ObjectNode list)) {
                  throw Terms.wrong(path, "must be an object");
                }
                return list;
              })
          .forEach((name, node) -> {
            var path = fields.at("lists") + "." + name;
            var rule = policy.lists().get(name);
            if (rule == null) {
              throw Terms.wrong(path, "is no list of the policy");
            }
            lists.put(name, list(name, rule, node, path));
          });
      var seen = new HashSet<String>();
      var cases = fields.objectList("cases", 10_000, f -> one(f, seen));
      if (cases.isEmpty()) {
        throw Terms.wrong(fields.at("cases"), "holds no case");
      }
      return new CaseTable(lists, cases);
    }

    private Listing list(String name, ListRule rule, ObjectNode node, String path) {
      var json = node.deepCopy();
      json.put("apiVersion", Listing.API_VERSION);
      json.put("tenant", policy.header().tenant());
      json.put("name", name);
      json.put("version", 1);
      json.put(
          "type",
          switch (rule) {
            case ListRule.Destinations _ -> Listing.Type.DESTINATIONS.label();
            case ListRule.Screening _ -> Listing.Type.SCREENING.label();
          });
      try {
        return Listing.read(json);
      } catch (io.sharekeep.enclave.json.MalformedJson e) {
        throw new io.sharekeep.enclave.json.MalformedJson(
            path + "." + e.path(), path + "." + e.reason());
      }
    }

    private Case one(JsonFields fields, Set<String> seen) {
      var id = Terms.name(fields, "id");
      if (!seen.add(id)) {
        throw Terms.wrong(fields.at("id"), "is that of another case too");
      }
      var at = fields.instant("at");
      var facts = facts(fields);
      var approvals = Set.copyOf(fields.textList("approvals", 256, 64));
      var spent = amounts(fields, "spent");
      return fields.object(
          "expect",
          f -> {
            var decision = f.text("decision", 16);
            if (!WORDS.contains(decision)) {
              throw Terms.wrong(f.at("decision"), "must be approved, deferred or denied");
            }
            return new Case(
                id,
                at,
                facts,
                approvals,
                spent,
                decision,
                f.optionalText("rule", 64),
                amounts(f, "limits"));
          });
    }

    private Map<String, BigInteger> amounts(JsonFields fields, String field) {
      var amounts = new HashMap<String, BigInteger>();
      fields
          .texts(field, 256, 80)
          .forEach((id, text) -> {
            var path = fields.at(field) + "." + id;
            var limit =
                policy.limits().stream()
                    .filter(known -> known.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> Terms.wrong(path, "is no limit of the policy"));
            int digits =
                limit.measure() == Limit.Measure.SUM
                    ? decimals(limit.match().assets().iterator().next())
                    : 0;
            amounts.put(id, Terms.base(path, Terms.amount(path, text), digits));
          });
      return amounts;
    }

    private Facts facts(JsonFields fields) {
      var initiator = Terms.name(fields, "initiator");
      var wallet = fields.optionalText("wallet", 64).orElse("0".repeat(32));
      var key = policy.wallets().getOrDefault(wallet, wallet);
      if (!Terms.isKeyId(key)) {
        throw Terms.wrong(fields.at("wallet"), "is no key id and not in the policy's wallets");
      }
      var chain = chain(fields);
      var parts = new ArrayList<Part>();
      parts.addAll(fields.objectList("transfers", 256, f -> transfer(f, chain)));
      parts.addAll(fields.objectList("grants", 256, f -> grant(f, chain)));
      parts.addAll(fields.objectList("calls", 256, f -> call(f, chain)));
      var known = new java.util.TreeSet<>(Facts.KINDS);
      var kind = fields.optionalText("kind", 32).orElse("transfer");
      if (!known.contains(kind)) {
        throw Terms.wrong(fields.at("kind"), "must be one of " + String.join(", ", known));
      }
      return new Facts(
          initiator,
          policy.committees().stream().sorted().findFirst().orElse(""),
          key,
          fields.optionalText("purpose", 32).orElseGet(() -> purpose(chain)),
          Facts.kinds(kind, parts),
          chain,
          parts,
          fee(fields, chain),
          Terms.accounts(fields, "own", 64),
          quorum(fields),
          fields.has("anomaly")
              ? Optional.of(Terms.share(fields, "anomaly"))
              : Optional.<BigDecimal>empty());
    }

    private Set<String> quorum(JsonFields fields) {
      return fields.has("quorum")
          ? Set.copyOf(fields.textList("quorum", 32, 64))
          : Set.of(policy.header().party());
    }

    private ChainId chain(JsonFields fields) {
      var text = fields.optionalText("chain", 64);
      if (text.isPresent()) {
        return Terms.chain(fields.at("chain"), text.get());
      }
      if (policy.chains().size() != 1) {
        throw Terms.wrong(
            fields.at("chain"), "must be there: the policy has not exactly one chain");
      }
      return policy.chains().iterator().next();
    }

    private static String purpose(ChainId chain) {
      return switch (chain.namespace()) {
        case "bip122" -> "btc.tx";
        case "solana" -> "sol.tx";
        default -> "evm.tx";
      };
    }

    private static AssetId coin(ChainId chain) {
      return switch (chain.namespace()) {
        case "bip122" -> AssetId.bitcoin(chain);
        case "solana" -> AssetId.solana(chain);
        default -> AssetId.ether(chain);
      };
    }

    private Fee fee(JsonFields fields, ChainId chain) {
      var coin = coin(chain);
      var path = fields.at("fee");
      var amount = fields.optionalText("fee", 80).map(text -> Terms.amount(path, text));
      return new Fee(
          coin,
          amount.map(value -> Terms.base(path, value, decimals(coin))).orElse(BigInteger.ZERO));
    }

    /** Of an asset that is not declared, amounts are in base units. */
    private int decimals(AssetId asset) {
      return policy.assets().values().stream()
          .filter(known -> known.id().equals(Terms.canonical(asset)))
          .findFirst()
          .map(Policy.Asset::decimals)
          .orElse(0);
    }

    private AssetId asset(JsonFields fields) {
      var text = fields.text("asset", 200);
      var named = policy.assets().get(text);
      return named == null ? Terms.asset(fields.at("asset"), text) : named.id();
    }

    private static Destination to(JsonFields fields, ChainId chain) {
      var address = fields.text("to", 200);
      Terms.account(fields.at("to"), chain + ":" + address);
      return new Destination(chain, address);
    }

    private Part transfer(JsonFields fields, ChainId chain) {
      var asset = asset(fields);
      var path = fields.at("amount");
      return new Part.Payment(
          new Transfer(
              asset,
              to(fields, chain),
              Terms.base(path, Terms.amount(path, fields.text("amount", 160)), decimals(asset))));
    }

    private Part grant(JsonFields fields, ChainId chain) {
      var asset = asset(fields);
      var path = fields.at("amount");
      var amount = fields.text("amount", 160);
      return new Part.Power(
          new Grant(
              Grant.Form.APPROVE,
              asset,
              to(fields, chain),
              amount.equals("unlimited")
                  ? Optional.empty()
                  : Optional.of(Terms.base(path, Terms.amount(path, amount), decimals(asset))),
              Optional.empty()));
    }

    private static Part call(JsonFields fields, ChainId chain) {
      byte[] data =
          HexFormat.of()
              .parseHex(
                  fields
                      .text("data", 8194, HEX, "calldata: 0x and at least 8 hex digits")
                      .substring(2));
      return new Part.Invoked(
          new Call(
              to(fields, chain),
              Bytes.of(data, 0, 4),
              Bytes.of(data, 4, data.length),
              BigInteger.ZERO));
    }
  }

  /** The windows of a case: every window of a limit holds what the case says. */
  static Windows windows(Case one) {
    return new Windows() {
      @Override
      public BigInteger spent(Limit limit, String bucket) {
        return one.spent().getOrDefault(limit.id(), BigInteger.ZERO);
      }

      @Override
      public int unseen(Limit limit, String bucket, Set<String> destinations) {
        return destinations.size();
      }
    };
  }

  /** What the policy says of it. */
  public Ruling rule(Policy policy, Case one) {
    return new Evaluator(policy, lists)
        .decide(one.facts(), one.at(), one.approvals(), windows(one));
  }

  /** What is otherwise than expected, in sentences; empty if nothing is. */
  public static List<String> surprises(Case one, Ruling ruling) {
    var surprises = new ArrayList<String>();
    if (!ruling.word().equals(one.decision())) {
      surprises.add("expected " + one.decision() + ", got " + ruling.word());
    }
    one.rule()
        .filter(rule -> !rule.equals(ruling.result().rule()))
        .ifPresent(
            rule -> surprises.add("expected rule " + rule + ", got " + ruling.result().rule()));
    one.after()
        .forEach((id, most) -> {
          var found =
              ruling.charges().stream()
                  .filter(charge -> charge.limit().id().equals(id))
                  .map(charge -> charge.before().add(charge.amount()))
                  .max(BigInteger::compareTo)
                  .orElse(one.spent().getOrDefault(id, BigInteger.ZERO));
          if (!found.equals(most)) {
            surprises.add("expected limit " + id + " at " + most + ", got " + found);
          }
        });
    return surprises;
  }
}
