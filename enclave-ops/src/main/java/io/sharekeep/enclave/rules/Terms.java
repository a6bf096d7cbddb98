package io.sharekeep.enclave.rules;

import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.intent.AssetId;
import io.sharekeep.intent.ChainId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** How the words of policies, lists and cases are written. Every complaint names its field. */
final class Terms {
  static final String NAMES = "lower-case letters, digits, dots and dashes";
  static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,5})([smhd])");
  private static final Pattern AMOUNT = Pattern.compile("(0|[1-9][0-9]{0,77})(\\.[0-9]{1,77})?");
  private static final Pattern ASSET = Pattern.compile("[-a-z0-9]{3,8}:[-.%a-zA-Z0-9]{1,128}");
  private static final Pattern ACCOUNT =
      Pattern.compile("([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}):([-.%a-zA-Z0-9]{1,128})");

  private Terms() {}

  static MalformedJson wrong(String path, String what) {
    return new MalformedJson(path, path + " " + what);
  }

  static String name(JsonFields fields, String field) {
    return fields.text(field, 64, NAME, NAMES);
  }

  static String sha256(JsonFields fields, String field) {
    return fields.text(field, 64, SHA256, "a SHA-256: 64 lower-case hex digits");
  }

  static Duration duration(JsonFields fields, String field) {
    return duration(fields.at(field), fields.text(field, 8));
  }

  static Optional<Duration> optionalDuration(JsonFields fields, String field) {
    return fields.optionalText(field, 8).map(text -> duration(fields.at(field), text));
  }

  private static Duration duration(String path, String text) {
    var matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw wrong(path, "must be a duration such as 30s, 10m, 24h or 7d");
    }
    long number = Long.parseLong(matcher.group(1));
    var duration =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        };
    if (duration.compareTo(Duration.ofDays(400)) > 0) {
      throw wrong(path, "is longer than 400 days");
    }
    return duration;
  }

  /** A decimal number that is not negative, in units of an asset. */
  static BigDecimal amount(String path, String text) {
    if (!AMOUNT.matcher(text).matches()) {
      throw wrong(path, "must be a decimal amount in quotes, such as \"2500.75\"");
    }
    return new BigDecimal(text);
  }

  static Optional<BigDecimal> amount(JsonFields fields, String field) {
    return fields.optionalText(field, 160).map(text -> amount(fields.at(field), text));
  }

  /** In base units: it may not have more decimals than the asset. */
  static BigInteger base(String path, BigDecimal amount, int decimals) {
    if (amount.stripTrailingZeros().scale() > decimals) {
      throw wrong(path, "has more decimals than the asset's " + decimals);
    }
    return amount.movePointRight(decimals).toBigIntegerExact();
  }

  static BigInteger whole(String path, String text) {
    var amount = amount(path, text);
    return base(path, amount, 0);
  }

  static BigDecimal share(JsonFields fields, String field) {
    var share = amount(fields.at(field), fields.text(field, 16));
    if (share.compareTo(BigDecimal.ONE) > 0) {
      throw wrong(fields.at(field), "must be from 0 to 1");
    }
    return share;
  }

  static ChainId chain(String path, String text) {
    try {
      return new ChainId(text);
    } catch (IllegalArgumentException e) {
      throw wrong(path, "must be a CAIP-2 chain, such as eip155:1");
    }
  }

  static AssetId asset(String path, String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !ASSET.matcher(text.substring(slash + 1)).matches()) {
      throw wrong(
          path, "must be a CAIP-19 asset, such as eip155:1/slip44:60 or eip155:1/erc20:0x…");
    }
    return canonical(new AssetId(chain(path, text.substring(0, slash)), text.substring(slash + 1)));
  }

  /** One spelling: hex addresses of EVM assets differ by a checksum in their case only. */
  static AssetId canonical(AssetId asset) {
    return asset.chain().namespace().equals("eip155")
        ? new AssetId(asset.chain(), asset.asset().toLowerCase(Locale.ROOT))
        : asset;
  }

  /** A CAIP-10 account in its one spelling. */
  static String account(String path, String text) {
    var matcher = ACCOUNT.matcher(text);
    if (!matcher.matches()) {
      throw wrong(path, "must be an address with its chain, such as eip155:1:0x…");
    }
    return Facts.canonical(chain(path, matcher.group(1)), matcher.group(2));
  }

  static Set<String> accounts(JsonFields fields, String field, int max) {
    var accounts = new HashSet<String>();
    for (var text : fields.textList(field, max, 256)) {
      if (!accounts.add(account(fields.at(field), text))) {
        throw wrong(fields.at(field), "names " + text + " twice");
      }
    }
    return accounts;
  }

  static boolean isKeyId(String text) {
    return KEY_ID.matcher(text).matches();
  }

  /** A set of words out of a closed list. */
  static Set<String> words(JsonFields fields, String field, Set<String> known) {
    List<String> words = fields.oneOrMore(field, known.size(), 64);
    for (var word : words) {
      if (!known.contains(word)) {
        throw wrong(
            fields.at(field),
            "does not know "
                + word
                + "; known are "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
    if (fields.has(field) && words.isEmpty()) {
      throw wrong(fields.at(field), "is empty: leave it out or name something");
    }
    return Set.copyOf(words);
  }
}
