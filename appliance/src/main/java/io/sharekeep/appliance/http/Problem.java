package io.sharekeep.appliance.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.State;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An RFC 9457 problem.
 *
 * @param detail what is wrong and what to do; never a payload or a stack trace
 * @param members what a program may want besides, by name
 */
public record Problem(
    String code, int status, String title, String detail, SortedMap<String, JsonNode> members) {
  /** RFC 9457, section 3. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE_PREFIX = "urn:sharekeep:problem:";

  public Problem {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
  }

  /** A problem of the face itself. */
  public static Problem of(FaceProblem problem, String detail) {
    return new Problem(
        problem.code(), problem.status(), problem.title(), detail, Collections.emptySortedMap());
  }

  /** A refusal of the enclave; no session began and nothing was spent. */
  public static Problem of(Refusal refusal) {
    return new Problem(
        refusal.code().label(),
        refusal.code().httpStatus(),
        title(refusal.code()),
        refusal.detail(),
        Collections.emptySortedMap());
  }

  /** What the state table does not admit. */
  static Problem notAdmitted(State state, State.Operation operation, String reason) {
    return of(new Refusal(
            Refusal.Code.STATE,
            "this appliance is "
                + state
                + reason
                + ", which does not admit "
                + operation.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
                + "; see sharekeep status on its host"))
        .with("state", TextNode.valueOf(state.name()));
  }

  static Problem of(Outcome.Denied denied) {
    return of(
            FaceProblem.DENIED,
            "rule " + denied.rule() + " decided; ask the owner of the policy, or ask otherwise")
        .with("requestId", TextNode.valueOf(denied.requestId()))
        .with("rule", TextNode.valueOf(denied.rule()));
  }

  static Problem of(Outcome.Aborted aborted) {
    var culprits = JsonNodeFactory.instance.arrayNode();
    aborted.culprits().forEach(culprits::add);
    var who =
        aborted.culprits().isEmpty()
            ? "nobody can be blamed for certain"
            : "parties at fault: " + aborted.culprits();
    return of(
            FaceProblem.ABORTED,
            "fault " + aborted.fault() + "; " + who + ". Ask again under a new requestId")
        .with("requestId", TextNode.valueOf(aborted.requestId()))
        .with("fault", TextNode.valueOf(aborted.fault()))
        .with("culprits", culprits);
  }

  static Problem of(Outcome.Lost lost) {
    return of(FaceProblem.LOST, lost.reason() + "; ask again under a new requestId")
        .with("requestId", TextNode.valueOf(lost.requestId()));
  }

  /** The same problem with one more member. */
  public Problem with(String name, JsonNode value) {
    var more = new TreeMap<>(members);
    more.put(name, value);
    return new Problem(code, status, title, detail, more);
  }

  /** {@code urn:sharekeep:problem:} and the code. */
  public String type() {
    return TYPE_PREFIX + code;
  }

  /** As sent. */
  public ObjectNode json() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("type", type());
    json.put("title", title);
    json.set("status", IntNode.valueOf(status));
    json.put("detail", detail);
    json.put("code", code);
    members.forEach(json::set);
    return json;
  }

  /** Every code that a client can meet, with its status. */
  public static SortedMap<String, Integer> catalogue() {
    var all = new TreeMap<String, Integer>();
    for (var problem : FaceProblem.values()) {
      all.put(problem.code(), problem.status());
    }
    for (var code : Refusal.Code.values()) {
      all.merge(
          code.label(),
          code.httpStatus(),
          (a, b) -> {
            if (!a.equals(b)) {
              throw new IllegalStateException(code.label() + " has two statuses");
            }
            return a;
          });
    }
    return all;
  }

  private static String title(Refusal.Code code) {
    return switch (code) {
      case MALFORMED -> FaceProblem.MALFORMED.title();
      case POLICY_DEFERRED -> "The policy waits for approvals";
      case APPROVAL_MALFORMED -> "This is no approval";
      case APPROVAL_UNKNOWN_KEY -> "The policy gives nobody of that name such a key";
      case APPROVAL_SIGNATURE -> "The approval's signature does not hold";
      case APPROVAL_NOT_APPROVER -> "This person may not approve";
      case APPROVAL_BY_INITIATOR -> "Who asks may not approve";
      case APPROVAL_ORIGIN -> "The passkey was used at another place";
      case APPROVAL_USER_VERIFICATION -> "The passkey did not verify its user";
      case APPROVAL_OTHER_REQUEST -> "The approval is about something else";
      case APPROVAL_OTHER_POLICY -> "The approval was made under another policy";
      case APPROVAL_REPEATED -> "This person has said so already";
      case APPROVAL_EXPIRED -> "The approval has expired";
      case NOT_WAITING -> "No such request waits here";
      case FROZEN -> "Signing stands still";
      case DOCUMENT_REFUSED -> "The policy in force does not let this document follow";
      case POLICY_UNAVAILABLE -> "The policy cannot be asked now";
      case REQUEST_UNAUTHENTIC -> "No initiator of the policy signed this";
      case UNKNOWN_KEY -> "This party has no such key";
      case UNKNOWN_COMMITTEE -> "This party has no such committee document";
      case UNKNOWN_SESSION -> "This party has no such session";
      case STATE -> "The appliance's state does not admit it";
      case KEY_EXISTS -> "The key exists already";
      case KEY_NOT_USABLE -> "The key cannot sign yet";
      case SIGNERS_LOCKED -> "These parties came to no signature together too often";
      case PAIR_NOT_USABLE -> "Two of the parties cannot sign together with this key";
      case REQUEST_CONFLICT -> "The requestId names another request";
      case INBOX_INCOMPLETE -> "Envelopes of expected senders are missing";
      case INBOX_CONFLICT -> "The round was answered for another inbox";
      case CHECKPOINT_BEHIND -> "A party shows an older log than it has shown before";
      case EXPIRED -> "The request has expired";
      case PAYLOAD_REFUSED -> "The transaction is not one that is signed here";
      case MISMATCH -> "The request does not fit the key, the payload or what was expected";
      case OVERLOADED -> "Too much at once";
      case TOO_FEW_PARTIES -> "Too few parties can be reached";
      case HSM_UNAVAILABLE -> "The HSM does not answer";
      case STORE_UNAVAILABLE -> "The store does not answer";
    };
  }
}
