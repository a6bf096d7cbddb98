package io.sharekeep.enclave.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.attestation.log.EntryKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * An entry's own fields as canonical JSON (RFC 8785): an object of text, integers below 2^53 and
 * lists of them, keys sorted.
 */
final class Leaf {
  private static final long MAX_INTEGER = (1L << 53) - 1;

  private Leaf() {}

  static EntryKind kind(Entry entry) {
    return switch (entry) {
      case Entry.Started _ -> EntryKind.STARTED;
      case Entry.Stopped _ -> EntryKind.STOPPED;
      case Entry.Decided _ -> EntryKind.DECIDED;
      case Entry.ApprovalTaken _ -> EntryKind.APPROVAL_TAKEN;
      case Entry.RequestClosed _ -> EntryKind.REQUEST_CLOSED;
      case Entry.SessionOpened _ -> EntryKind.SESSION_OPENED;
      case Entry.Signed _ -> EntryKind.SIGNED;
      case Entry.Aborted _ -> EntryKind.ABORTED;
      case Entry.Lost _ -> EntryKind.LOST;
      case Entry.Banned _ -> EntryKind.BANNED;
      case Entry.PairBurnt _ -> EntryKind.PAIR_BURNT;
      case Entry.PairDied _ -> EntryKind.PAIR_DIED;
      case Entry.PairRekeying _ -> EntryKind.PAIR_REKEYING;
      case Entry.PairRekeyed _ -> EntryKind.PAIR_REKEYED;
      case Entry.Presigned _ -> EntryKind.PRESIGNED;
      case Entry.PresignatureBound _ -> EntryKind.PRESIGNATURE_BOUND;
      case Entry.SignersFailed _ -> EntryKind.SIGNERS_FAILED;
      case Entry.KeyPending _ -> EntryKind.KEY_PENDING;
      case Entry.KeyActive _ -> EntryKind.KEY_ACTIVE;
      case Entry.KeyUsable _ -> EntryKind.KEY_USABLE;
      case Entry.KeyDiscarded _ -> EntryKind.KEY_DISCARDED;
      case Entry.KekMade _ -> EntryKind.KEK_MADE;
      case Entry.KekDestroyed _ -> EntryKind.KEK_DESTROYED;
      case Entry.KeyResealed _ -> EntryKind.KEY_RESEALED;
      case Entry.DocumentAccepted _ -> EntryKind.DOCUMENT_ACCEPTED;
      case Entry.Froze _ -> EntryKind.FROZE;
      case Entry.Unfroze _ -> EntryKind.UNFROZE;
      case Entry.PolicyPending _ -> EntryKind.POLICY_PENDING;
      case Entry.PolicyCancelled _ -> EntryKind.POLICY_CANCELLED;
      case Entry.RefusedBurst _ -> EntryKind.REFUSED_BURST;
    };
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
}
