package io.sharekeep.intent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * RFC 8785 for an {@link Intent}. Every leaf is a string or a boolean, so that numbers need no
 * rule, and every string is printable ASCII, so that escaping needs few.
 */
final class IntentJson {
  static final byte[] DOMAIN = "sharekeep/intent/v1\n".getBytes(UTF_8);

  private IntentJson() {}

  static byte[] of(Intent intent) {
    var text = new StringBuilder();
    write(text, tree(intent));
    return text.toString().getBytes(UTF_8);
  }

  private static SortedMap<String, Object> tree(Intent intent) {
    return object(
        Map.of(
            "calls", intent.calls().stream().map(IntentJson::tree).toList(),
            "chain", intent.chain().name(),
            "fee", tree(intent.fee()),
            "grants", intent.grants().stream().map(IntentJson::tree).toList(),
            "inputs", intent.inputs().stream().map(IntentJson::tree).toList(),
            "kind", intent.kind().label(),
            "transfers", intent.transfers().stream().map(IntentJson::tree).toList(),
            "validity", tree(intent.validity()),
            "warnings", intent.warnings().stream().map(Warning::label).toList()));
  }

  private static SortedMap<String, Object> tree(Transfer transfer) {
    return object(
        Map.of(
            "amount", amount(transfer.amount()),
            "asset", transfer.asset().toString(),
            "destination", transfer.destination().address()));
  }

  private static SortedMap<String, Object> tree(Grant grant) {
    var members =
        object(
            Map.of(
                "amount", grant.amount().map(IntentJson::amount).orElse("unlimited"),
                "asset", grant.asset().toString(),
                "form", grant.form().label(),
                "grantee", grant.grantee().address()));
    grant.expires().ifPresent(expires -> members.put("expires", amount(expires)));
    return members;
  }

  private static SortedMap<String, Object> tree(Call call) {
    return object(
        Map.of(
            "arguments", call.arguments().hex(),
            "selector", call.selector().hex(),
            "target", call.target().address(),
            "value", amount(call.value())));
  }

  private static SortedMap<String, Object> tree(Fee fee) {
    var members = object(Map.of("asset", fee.asset().toString(), "max", amount(fee.most())));
    fee.rate().ifPresent(rate -> members.put("rate", amount(rate)));
    return members;
  }

  private static SortedMap<String, Object> tree(Validity validity) {
    return switch (validity) {
      case Validity.RecentBlockhash(var blockhash) ->
          object(Map.of("blockhash", Base58.encode(blockhash.toArray())));
      case Validity.DurableNonce(var account, var nonce) ->
          object(Map.of("nonce", Base58.encode(nonce.toArray()), "nonceAccount", account));
      case Validity.AccountNonce(var nonce) -> object(Map.of("nonce", amount(nonce)));
      case Validity.Outpoints(var lockTime, var replaceable, var spent) ->
          object(
              Map.of(
                  "lockTime", Long.toString(lockTime),
                  "replaceable", replaceable,
                  "spent", spent.stream().map(o -> o.txid() + ":" + o.index()).toList()));
    };
  }

  private static SortedMap<String, Object> tree(SigningInput input) {
    return object(
        Map.of(
            "bytesSha256", Bytes.of(Hash.sha256(input.bytes().toArray())).hex(),
            "index", Integer.toString(input.index()),
            "path", input.path(),
            "scheme", input.scheme().label(),
            "tweak", input.tweak().label()));
  }

  private static String amount(BigInteger amount) {
    return amount.toString();
  }

  private static SortedMap<String, Object> object(Map<String, Object> members) {
    return new TreeMap<>(members); // String order is UTF-16 code units, RFC 8785 section 3.2.3
  }

  private static void write(StringBuilder text, Object node) {
    switch (node) {
      case Map<?, ?> object -> {
        var separator = '{';
        for (var member : object.entrySet()) {
          text.append(separator);
          write(text, member.getKey());
          text.append(':');
          write(text, member.getValue());
          separator = ',';
        }
        text.append(separator == '{' ? "{}" : "}");
      }
      case List<?> array -> {
        var separator = '[';
        for (var element : array) {
          text.append(separator);
          write(text, element);
          separator = ',';
        }
        text.append(separator == '[' ? "[]" : "]");
      }
      case String string -> writeString(text, string);
      case Boolean bool -> text.append(bool.booleanValue());
      default -> throw new IllegalStateException("no JSON for " + node.getClass());
    }
  }

  private static void writeString(StringBuilder text, String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        throw new IllegalStateException("intents hold printable ASCII only");
      }
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(c);
    }
    text.append('"');
  }
}
