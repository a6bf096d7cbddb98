package io.sharekeep.enclave.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes of one entry: canonical JSON (RFC 8785) of an object of text, integers below 2^53 and
 * lists of them, keys sorted.
 *
 * <pre>{"at","commit","entry":{…},"index","kind","schema":"sharekeep.log/v1","state","tenant"}
 * </pre>
 */
final class Leaf {
  static final String SCHEMA = "sharekeep.log/v1";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_INTEGER = (1L << 53) - 1;

  private Leaf() {}

  /** What every entry carries besides its own fields. */
  record Frame(String tenant, long index, Instant at, long commit, String state) {}

  static String kind(Entry entry) {
    return switch (entry) {
      case Entry.Started _ -> "started";
      case Entry.Stopped _ -> "stopped";
      case Entry.Decided _ -> "decided";
      case Entry.ApprovalTaken _ -> "approval-taken";
      case Entry.RequestClosed _ -> "request-closed";
      case Entry.SessionOpened _ -> "session-opened";
      case Entry.Signed _ -> "signed";
      case Entry.Aborted _ -> "aborted";
      case Entry.Lost _ -> "lost";
      case Entry.Banned _ -> "banned";
      case Entry.PairBurnt _ -> "pair-burnt";
      case Entry.PairDied _ -> "pair-died";
      case Entry.PairRekeying _ -> "pair-rekeying";
      case Entry.PairRekeyed _ -> "pair-rekeyed";
      case Entry.Presigned _ -> "presigned";
      case Entry.PresignatureBound _ -> "presignature-bound";
      case Entry.SignersFailed _ -> "signers-failed";
      case Entry.KeyPending _ -> "key-pending";
      case Entry.KeyActive _ -> "key-active";
      case Entry.KeyUsable _ -> "key-usable";
      case Entry.KeyDiscarded _ -> "key-discarded";
      case Entry.KekMade _ -> "kek-made";
      case Entry.KekDestroyed _ -> "kek-destroyed";
      case Entry.KeyResealed _ -> "key-resealed";
      case Entry.DocumentAccepted _ -> "document-accepted";
      case Entry.Froze _ -> "froze";
      case Entry.Unfroze _ -> "unfroze";
      case Entry.PolicyPending _ -> "policy-pending";
      case Entry.PolicyCancelled _ -> "policy-cancelled";
      case Entry.RefusedBurst _ -> "refused-burst";
    };
  }

  /** Whether an entry changes what the appliance would sign: it moves the state digest. */
  static boolean changesSecurityState(Entry entry) {
    return switch (entry) {
      case Entry.Banned _,
          Entry.PairBurnt _,
          Entry.PairDied _,
          Entry.PairRekeying _,
          Entry.PairRekeyed _,
          Entry.SignersFailed _,
          Entry.KeyPending _,
          Entry.KeyActive _,
          Entry.KeyUsable _,
          Entry.KeyDiscarded _,
          Entry.KekMade _,
          Entry.KekDestroyed _,
          Entry.KeyResealed _,
          Entry.DocumentAccepted _,
          Entry.Froze _,
          Entry.Unfroze _,
          Entry.PolicyPending _,
          Entry.PolicyCancelled _ ->
          true;
      case Entry.Started _,
          Entry.Presigned _,
          Entry.PresignatureBound _,
          Entry.Stopped _,
          Entry.Decided _,
          Entry.ApprovalTaken _,
          Entry.RequestClosed _,
          Entry.SessionOpened _,
          Entry.Signed _,
          Entry.Aborted _,
          Entry.Lost _,
          Entry.RefusedBurst _ ->
          false;
    };
  }

  static byte[] bytes(Frame frame, Entry entry) {
    return object(
            Map.of(
                "schema", SCHEMA,
                "tenant", frame.tenant(),
                "index", frame.index(),
                "at", frame.at().toString(),
                "commit", frame.commit(),
                "state", frame.state(),
                "kind", kind(entry),
                "entry", fields(entry)))
        .toString()
        .getBytes(UTF_8);
  }

  /** The entry's own fields, as they stand under {@code entry}. */
  static byte[] entryBytes(Entry entry) {
    return object(fields(entry)).toString().getBytes(UTF_8);
  }

  private static Map<String, Object> fields(Entry entry) {
    return switch (entry) {
      case Entry.Started e ->
          Map.of(
              "boot", e.boot(),
              "version", e.version(),
              "secretMemory", e.secretMemory(),
              "tokenBackend", e.tokenBackend());
      case Entry.Stopped e -> Map.of("boot", e.boot());
      case Entry.Decided e -> decided(e);
      case Entry.ApprovalTaken e ->
          Map.of(
              "decision", e.decision().hex(),
              "requestId", e.requestId(),
              "person", e.person(),
              "choice", e.choice(),
              "statement", e.statement());
      case Entry.RequestClosed e ->
          Map.of(
              "decision", e.decision().hex(),
              "requestId", e.requestId(),
              "why", e.why(),
              "by", e.by());
      case Entry.SessionOpened e ->
          Map.of(
              "decision", e.decision().hex(),
              "session", e.session(),
              "protocol", e.protocol(),
              "requestId", e.requestId(),
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "quorum", e.quorum());
      case Entry.Signed e ->
          Map.of(
              "session", e.session(),
              "requestId", e.requestId(),
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "messages", e.messages(),
              "shareOpenMicros", e.shareOpenMicros());
      case Entry.Aborted e ->
          Map.of(
              "session", e.session(),
              "requestId", e.requestId(),
              "fault", e.fault(),
              "culprits", e.culprits(),
              "shareOpenMicros", e.shareOpenMicros());
      case Entry.Lost e ->
          Map.of(
              "session", e.session(),
              "requestId", e.requestId(),
              "reason", e.reason(),
              "shareOpenMicros", e.shareOpenMicros());
      case Entry.Banned e ->
          Map.of("session", e.session(), "party", e.party(), "peer", e.peer(), "fault", e.fault());
      case Entry.PairBurnt e ->
          Map.of(
              "session", e.session(),
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "party", e.party(),
              "generation", e.generation(),
              "cause", e.cause());
      case Entry.PairDied e ->
          Map.of(
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "party", e.party(),
              "generation", e.generation(),
              "deaths", e.deaths());
      case Entry.PairRekeying e ->
          Map.of(
              "session", e.session(),
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "party", e.party(),
              "generation", e.generation(),
              "by", e.by());
      case Entry.PairRekeyed e ->
          Map.of(
              "session", e.session(),
              "requestId", e.requestId(),
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "party", e.party(),
              "generation", e.generation());
      case Entry.Presigned e ->
          Map.of(
              "session", e.session(),
              "requestId", e.requestId(),
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "signers", e.signers());
      case Entry.PresignatureBound e ->
          Map.of(
              "session", e.session(),
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "presignature", e.presignature(),
              "binding", e.binding());
      case Entry.SignersFailed e ->
          Map.of(
              "session", e.session(),
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "signers", e.signers(),
              "fault", e.fault(),
              "failures", e.failures());
      case Entry.KeyPending e ->
          Map.of(
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "session", e.session(),
              "committee", e.committee(),
              "publicKey", e.publicKey());
      case Entry.KeyActive e -> generation(e.key().hex(), e.epoch(), e.session());
      case Entry.KeyUsable e -> generation(e.key().hex(), e.epoch(), e.session());
      case Entry.KeyDiscarded e -> generation(e.key().hex(), e.epoch(), e.session());
      case Entry.KekMade e ->
          Map.of("kek", e.kek(), "token", e.token(), "generation", e.generation());
      case Entry.KekDestroyed e ->
          Map.of("kek", e.kek(), "token", e.token(), "generation", e.generation());
      case Entry.KeyResealed e ->
          Map.of(
              "key", e.key().hex(),
              "epoch", e.epoch(),
              "kek", e.kek(),
              "version", e.version(),
              "removed", e.removed(),
              "shareOpenMicros", e.shareOpenMicros());
      case Entry.DocumentAccepted e ->
          Map.of("document", e.document(), "id", e.id(), "version", e.version(), "hash", e.hash());
      case Entry.Froze e -> Map.of("freeze", e.freeze(), "scope", e.scope(), "by", e.by());
      case Entry.Unfroze e -> Map.of("freeze", e.freeze(), "scope", e.scope(), "by", e.by());
      case Entry.PolicyPending e ->
          Map.of("version", e.version(), "hash", e.hash(), "activeFrom", e.activeFrom());
      case Entry.PolicyCancelled e ->
          Map.of(
              "version", e.version(), "hash", e.hash(), "by", e.by(), "statement", e.statement());
      case Entry.RefusedBurst e ->
          Map.of("caller", e.caller(), "code", e.code(), "count", e.count());
    };
  }

  private static Map<String, Object> decided(Entry.Decided e) {
    var fields =
        new HashMap<String, Object>(
            Map.of(
                "decision", e.decision().hex(),
                "requestId", e.requestId(),
                "requestDigest", e.requestDigest(),
                "operation", e.operation(),
                "initiator", e.initiator(),
                "key", e.key().hex(),
                "effect", e.effect().label(),
                "rule", e.rule(),
                "policy", e.policy()));
    e.record().ifPresent(record -> fields.put("record", record));
    return fields;
  }

  private static Map<String, Object> generation(String key, long epoch, String session) {
    return Map.of("key", key, "epoch", epoch, "session", session);
  }

  private static ObjectNode object(Map<String, ?> fields) {
    var node = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(fields).forEach((name, value) -> node.set(name, node(value)));
    return node;
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case String text -> JsonNodeFactory.instance.textNode(printable(text));
      case Integer number -> JsonNodeFactory.instance.numberNode(number);
      case Long number when number >= 0 && number <= MAX_INTEGER ->
          JsonNodeFactory.instance.numberNode(number);
      case Collection<?> items -> {
        var array = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> array.add(node(item)));
        yield array;
      }
      case Map<?, ?> fields -> {
        var named = new TreeMap<String, Object>();
        fields.forEach((name, item) -> named.put((String) name, item));
        yield object(named);
      }
      default -> throw new IllegalArgumentException("no canonical form: " + value.getClass());
    };
  }

  /** Control characters would need escapes whose form writers disagree on, and forge log lines. */
  private static String printable(String text) {
    if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7f || Character.isSurrogate((char) c))) {
      throw new IllegalArgumentException("a log entry holds printable text only");
    }
    return text;
  }

  /** Whether a row's columns say what its leaf says. */
  static boolean agrees(
      byte[] leaf, long position, String tenant, String kind, long commit, Instant at) {
    try {
      var json = JSON.readTree(leaf);
      return json.path("schema").asText().equals(SCHEMA)
          && json.path("index").asLong(-1) == position
          && json.path("tenant").asText().equals(tenant)
          && json.path("kind").asText().equals(kind)
          && json.path("commit").asLong(-1) == commit
          && json.path("at").asText().equals(at.toString());
    } catch (IOException e) {
      return false;
    }
  }

  /** The state digest that a leaf carries; empty if it does not read. */
  static String state(byte[] leaf) {
    try {
      return JSON.readTree(leaf).path("state").asText();
    } catch (IOException e) {
      return "";
    }
  }
}
