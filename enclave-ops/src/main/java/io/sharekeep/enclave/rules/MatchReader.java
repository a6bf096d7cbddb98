package io.sharekeep.enclave.rules;

import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.intent.AssetId;
import io.sharekeep.intent.Kind;
import io.sharekeep.intent.Purpose;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads rules and limits, which may name only what the policy declares. */
final class MatchReader {
  private static final Pattern HOURS =
      Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])-(([01][0-9]|2[0-3]):([0-5][0-9])|24:00)");
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private final PolicyReader policy;

  MatchReader(PolicyReader policy) {
    this.policy = policy;
  }

  Rule rule(JsonFields fields) {
    var id = Terms.name(fields, "id");
    var effect = fields.text("effect", 8);
    return switch (effect) {
      case "deny" -> new Rule.Deny(id, fields.object("match", this::match));
      case "allow" -> {
        var match = fields.object("match", this::match);
        if (match.anomaly().isPresent()) {
          throw Terms.wrong(
              fields.at("match") + ".anomaly",
              "has no place in a rule that allows: a score may only deny or ask for more");
        }
        yield new Rule.Allow(id, match, fields.optionalObject("approvals", policy::requirement));
      }
      case "require" ->
          new Rule.Require(
              id,
              fields.object("match", this::match),
              fields.object("approvals", policy::requirement));
      default -> throw Terms.wrong(fields.at("effect"), "must be deny, allow or require");
    };
  }

  Limit limit(JsonFields fields) {
    var id = Terms.name(fields, "id");
    var match = fields.object("match", this::match);
    if (match.anomaly().isPresent()) {
      throw Terms.wrong(fields.at("match") + ".anomaly", "has no place in a limit");
    }
    var measures =
        Arrays.stream(Limit.Measure.values()).filter(m -> fields.has(m.label())).toList();
    if (measures.size() != 1) {
      throw Terms.wrong(
          fields.at("id").replaceAll("\\.id$", ""),
          "must have one of sum, count, distinctDestinations and pending");
    }
    var measure = measures.getFirst();
    var most = most(fields, match, measure);
    var window =
        measure == Limit.Measure.PENDING ? Duration.ZERO : Terms.duration(fields, "window");
    if (measure != Limit.Measure.PENDING && window.isZero()) {
      throw Terms.wrong(fields.at("window"), "must be longer than nothing");
    }
    var known =
        Arrays.stream(Limit.Dimension.values())
            .map(Limit.Dimension::label)
            .collect(Collectors.toSet());
    var per =
        Terms.words(fields, "per", known).stream()
            .map(word -> Limit.Dimension.valueOf(word.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toSet());
    return new Limit(id, match, measure, most, window, per);
  }

  private BigInteger most(JsonFields fields, Match match, Limit.Measure measure) {
    if (measure != Limit.Measure.SUM) {
      return BigInteger.valueOf(fields.integer(measure.label(), 0, 1_000_000_000));
    }
    if (match.assets().size() != 1) {
      throw Terms.wrong(
          fields.at("sum"), "needs exactly one asset in match: amounts of two do not add up");
    }
    var asset = match.assets().iterator().next();
    var path = fields.at("sum");
    return Terms.base(path, Terms.amount(path, fields.text("sum", 160)), decimals(asset));
  }

  private int decimals(AssetId asset) {
    return policy.assets().values().stream()
        .filter(known -> known.id().equals(asset))
        .findFirst()
        .orElseThrow()
        .decimals();
  }

  private Match match(JsonFields fields) {
    var assets = assets(fields);
    return new Match(
        Terms.words(fields, "kind", kinds()),
        wallets(fields),
        Terms.words(fields, "purpose", purposes()),
        some(fields, "initiator", policy.people(fields, "initiator")),
        chains(fields),
        assets,
        range(fields, "amount", assets),
        range(fields, "total", assets),
        fields.optionalObject("fee", this::fee),
        fields.optionalObject("dest", this::receiver),
        some(fields, "contract", Terms.accounts(fields, "contract", 4096)),
        fields.optionalObject("method", this::invocation),
        fields.optionalObject("time", MatchReader::hours),
        fields.optionalObject("anomaly", MatchReader::anomaly),
        fields
            .optionalObject("quorum", f -> Set.copyOf(f.textList("includes", 32, 32)))
            .orElse(Set.of()));
  }

  private static Set<String> kinds() {
    var kinds = new TreeSet<>(Facts.KINDS);
    for (var kind : Kind.values()) {
      kinds.add(kind.label());
    }
    return kinds;
  }

  private static Set<String> purposes() {
    var purposes = new TreeSet<>(Set.of("btc.tx", "sol.tx", "evm.tx", "evm.typed"));
    for (var purpose : Purpose.values()) {
      purposes.add(purpose.label());
    }
    return purposes;
  }

  /** A field that is there names something: an empty list would match everything. */
  private static <T> Set<T> some(JsonFields fields, String field, Set<T> values) {
    if (fields.has(field) && values.isEmpty()) {
      throw Terms.wrong(fields.at(field), "is empty: leave it out or name something");
    }
    return values;
  }

  private Set<AssetId> assets(JsonFields fields) {
    var result = new HashSet<AssetId>();
    for (var name : fields.oneOrMore("asset", 4096, 64)) {
      var asset = policy.assets().get(name);
      if (asset == null) {
        throw Terms.wrong(fields.at("asset"), "names " + name + ", which assets does not declare");
      }
      result.add(asset.id());
    }
    return some(fields, "asset", result);
  }

  private Set<String> wallets(JsonFields fields) {
    var result = new HashSet<String>();
    for (var name : fields.oneOrMore("wallet", 4096, 64)) {
      var key = policy.wallets().get(name);
      if (key == null && !Terms.isKeyId(name)) {
        throw Terms.wrong(
            fields.at("wallet"), "names " + name + ", which is no key id and not in wallets");
      }
      result.add(key == null ? name : key);
    }
    return some(fields, "wallet", result);
  }

  private Set<String> chains(JsonFields fields) {
    var result = new HashSet<String>();
    for (var text : fields.oneOrMore("chain", 64, 64)) {
      var chain = Terms.chain(fields.at("chain"), text);
      if (!policy.chains().contains(chain)) {
        throw Terms.wrong(fields.at("chain"), "names " + text + ", which chains does not");
      }
      result.add(chain.name());
    }
    return some(fields, "chain", result);
  }

  private Optional<Match.Range> range(JsonFields fields, String field, Set<AssetId> assets) {
    var range = fields.optionalObject(field, MatchReader::bounds);
    if (range.isPresent() && assets.isEmpty()) {
      throw Terms.wrong(
          fields.at(field), "needs asset beside it: an amount means nothing without its unit");
    }
    range.ifPresent(bounds -> {
      for (var asset : assets) {
        bounds.least().ifPresent(v -> Terms.base(fields.at(field) + ".gte", v, decimals(asset)));
        bounds.most().ifPresent(v -> Terms.base(fields.at(field) + ".lte", v, decimals(asset)));
      }
    });
    return range;
  }

  private static Match.Range bounds(JsonFields fields) {
    return ordered(fields, Terms.amount(fields, "gte"), Terms.amount(fields, "lte"));
  }

  private static Match.Range ordered(
      JsonFields fields, Optional<BigDecimal> least, Optional<BigDecimal> most) {
    if (least.isEmpty() && most.isEmpty()) {
      throw Terms.wrong(fields.at("gte"), "or lte must be there");
    }
    if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
      throw Terms.wrong(fields.at("gte"), "is more than lte: nothing lies between");
    }
    return new Match.Range(least, most);
  }

  private Match.FeeRange fee(JsonFields fields) {
    var name = Terms.name(fields, "asset");
    var asset = policy.assets().get(name);
    if (asset == null) {
      throw Terms.wrong(fields.at("asset"), "names " + name + ", which assets does not declare");
    }
    return new Match.FeeRange(asset.id(), bounds(fields));
  }

  private Match.Receiver receiver(JsonFields fields) {
    var in = fields.textList("in", 64, 64);
    for (var name : in) {
      if (!policy.lists().containsKey(name)) {
        throw Terms.wrong(fields.at("in"), "names " + name + ", which lists does not declare");
      }
    }
    var own = fields.has("own") ? Optional.of(fields.flag("own", true)) : Optional.<Boolean>empty();
    var listedFor = Terms.optionalDuration(fields, "listedFor");
    if (listedFor.isPresent() && in.isEmpty()) {
      throw Terms.wrong(fields.at("listedFor"), "needs in beside it: listed where?");
    }
    var addresses = some(fields, "address", Terms.accounts(fields, "address", 4096));
    if (in.isEmpty() && own.isEmpty() && addresses.isEmpty()) {
      throw Terms.wrong(fields.at("in"), "or address or own must name something");
    }
    return new Match.Receiver(Set.copyOf(in), addresses, own, listedFor);
  }

  private Match.Invocation invocation(JsonFields fields) {
    var interfaceName = fields.text("interface", 64);
    var contract = policy.interfaces().get(interfaceName);
    if (contract == null) {
      throw Terms.wrong(
          fields.at("interface"), "names " + interfaceName + ", which interfaces does not declare");
    }
    var name = fields.text("name", 64);
    var method = contract.methods().get(name);
    if (method == null) {
      throw Terms.wrong(fields.at("name"), "names a method that " + interfaceName + " has not");
    }
    return new Match.Invocation(
        interfaceName + "." + name,
        method,
        fields.objectList("arguments", 32, f -> bound(f, method)));
  }

  private static Match.Bound bound(JsonFields fields, Interface.Method method) {
    var name = fields.text("name", 64);
    for (int i = 0; i < method.arguments().size(); i++) {
      if (method.arguments().get(i).name().equals(name)) {
        return bound(fields, i, method.arguments().get(i).type());
      }
    }
    throw Terms.wrong(fields.at("name"), "names an argument that the method has not");
  }

  private static Match.Bound bound(JsonFields fields, int position, Interface.Type type) {
    return switch (type) {
      case UINT -> {
        var range = bounds(fields);
        yield new Match.Bound(
            position,
            range.least().map(v -> Terms.base(fields.at("gte"), v, 0)),
            range.most().map(v -> Terms.base(fields.at("lte"), v, 0)),
            Set.of());
      }
      case ADDRESS, BYTES32, BOOL -> {
        var shape =
            Pattern.compile(
                switch (type) {
                  case ADDRESS -> "0x[0-9a-fA-F]{40}";
                  case BYTES32 -> "0x[0-9a-f]{64}";
                  case UINT, BOOL -> "true|false";
                });
        var in = new HashSet<String>();
        for (var value : fields.textList("in", 256, 66)) {
          if (!shape.matcher(value).matches()) {
            throw Terms.wrong(fields.at("in"), "holds " + value + ", which is no " + type.label());
          }
          in.add(value.toLowerCase(Locale.ROOT));
        }
        if (in.isEmpty()) {
          throw Terms.wrong(fields.at("in"), "must name what the argument may be");
        }
        yield new Match.Bound(position, Optional.empty(), Optional.empty(), in);
      }
    };
  }

  private static Match.Hours hours(JsonFields fields) {
    if (fields.has("outside") == fields.has("within")) {
      throw Terms.wrong(fields.at("outside"), "or within must be there, and not both");
    }
    var field = fields.has("outside") ? "outside" : "within";
    var text = fields.text(field, 11);
    var matcher = HOURS.matcher(text);
    if (!matcher.matches()) {
      throw Terms.wrong(fields.at(field), "must be hours such as \"07:00-20:00\", in quotes");
    }
    var from = LocalTime.of(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    var until =
        matcher.group(3).equals("24:00") ? LocalTime.MAX : LocalTime.parse(matcher.group(3));
    if (!from.isBefore(until)) {
      throw Terms.wrong(
          fields.at(field), "must begin before it ends; write two rules for hours across midnight");
    }
    var days = new HashSet<DayOfWeek>();
    for (var day : Terms.words(fields, "days", Set.copyOf(DAYS))) {
      days.add(DayOfWeek.of(DAYS.indexOf(day) + 1));
    }
    return new Match.Hours(
        field.equals("outside"),
        from,
        until,
        zone(fields),
        days.isEmpty() ? Set.of(DayOfWeek.values()) : days);
  }

  private static ZoneId zone(JsonFields fields) {
    try {
      return ZoneId.of(fields.text("tz", 64));
    } catch (DateTimeException e) {
      throw Terms.wrong(fields.at("tz"), "must be a time zone such as Europe/Zurich or UTC");
    }
  }

  private static Match.Anomaly anomaly(JsonFields fields) {
    return new Match.Anomaly(Terms.share(fields, "gte"), fields.flag("orUnknown", false));
  }
}
