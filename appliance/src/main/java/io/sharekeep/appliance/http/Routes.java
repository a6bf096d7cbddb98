package io.sharekeep.appliance.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.appliance.peer.Carried;
import io.sharekeep.appliance.peer.Coordinator;
import io.sharekeep.appliance.peer.Said;
import io.sharekeep.appliance.peer.StepCodec;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.enclave.CallerIdentity;
import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.Cancellation;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.Following;
import io.sharekeep.enclave.Frozen;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.State.Operation;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations under {@code /v1}: what each needs, and what it does. */
final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final Pattern LOCATOR = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final Set<Role> ANYBODY = EnumSet.allOf(Role.class);
  private static final Set<Role> READERS =
      EnumSet.of(Role.ADMINISTRATOR, Role.OPERATOR, Role.INITIATOR, Role.APPROVER, Role.AUDITOR);
  private static final Set<Role> AUDITORS =
      EnumSet.of(Role.ADMINISTRATOR, Role.OPERATOR, Role.AUDITOR);
  private static final Pattern EVENT_ID = Pattern.compile("[0-9]{1,6}");
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final Duration LONGEST_STREAM = Duration.ofMinutes(5);
  private static final int MOST_STATEMENTS = 32;
  private static final String OPENAPI = "openapi.yaml";

  static final String STATUS = "/v1/status";

  /** To whoever wants to begin something at an appliance that stops. */
  static final Refusal STOPPING =
      new Refusal(
          Refusal.Code.OVERLOADED,
          "this appliance is stopping and begins nothing; ask another party, or this one once it"
              + " is back");

  private final Enclave enclave;
  private final Coordinator coordinator;
  private final StepCodec codec;
  private final Drain drain;
  private final String version;
  private final Semaphore streams = new Semaphore(EventStream.STREAMS);

  Routes(Enclave enclave, Coordinator coordinator, StepCodec codec, Drain drain, String version) {
    this.enclave = enclave;
    this.coordinator = coordinator;
    this.codec = codec;
    this.drain = drain;
    this.version = version;
  }

  /** The whole interface; OpenAPI lists the same. */
  List<Route> all() {
    return List.of(
        client("POST", "/v1/sign-requests", Operation.SIGN, EnumSet.of(Role.INITIATOR), this::sign),
        client("GET", "/v1/sign-requests/{id}", Operation.READ, READERS, this::outcome),
        client("GET", "/v1/sign-requests/{id}/decisions", Operation.READ, READERS, this::decisions),
        client("GET", "/v1/sign-requests/{id}/blame", Operation.READ, READERS, this::blame),
        client("GET", "/v1/waiting-requests", Operation.READ, READERS, this::waiting),
        client("GET", "/v1/waiting-requests/{id}", Operation.READ, READERS, this::waitingOne),
        client(
            "POST",
            "/v1/waiting-requests/{id}/statements",
            Operation.SIGN,
            EnumSet.of(
                Role.APPROVER, Role.ADMINISTRATOR, Role.OPERATOR, Role.INITIATOR, Role.AUDITOR),
            this::said),
        client(
            "POST",
            "/v1/documents",
            Operation.READ,
            EnumSet.of(Role.ADMINISTRATOR, Role.OPERATOR),
            this::follow),
        client(
            "POST",
            "/v1/policy/cancel",
            Operation.READ,
            EnumSet.of(Role.ADMINISTRATOR, Role.OPERATOR),
            this::cancel),
        client(
            "POST",
            "/v1/system/freeze",
            Operation.READ,
            EnumSet.of(Role.ADMINISTRATOR, Role.OPERATOR),
            this::freeze),
        client(
            "POST",
            "/v1/system/unfreeze",
            Operation.READ,
            EnumSet.of(Role.ADMINISTRATOR, Role.OPERATOR),
            this::unfreeze),
        client("GET", "/v1/events/{id}", Operation.READ, READERS, this::events),
        client(
            "POST",
            "/v1/keygen",
            Operation.GENERATE_KEY,
            EnumSet.of(Role.ADMINISTRATOR),
            this::generate),
        client(
            "POST",
            "/v1/pair-rekeys",
            Operation.GENERATE_KEY,
            EnumSet.of(Role.ADMINISTRATOR),
            this::rekeyPair),
        client("GET", "/v1/keys/{id}/derived/{path}", Operation.READ, READERS, this::derived),
        client("GET", "/v1/keys/{id}/pairs", Operation.READ, READERS, this::pairs),
        client("GET", "/v1/audit/checkpoint", Operation.READ, AUDITORS, this::logCheckpoint),
        client("GET", "/v1/audit/tile/{file}", Operation.READ, AUDITORS, this::logTile),
        client("GET", "/v1/keys", Operation.READ, READERS, this::keys),
        client("GET", "/v1/keys/{id}", Operation.READ, READERS, this::key),
        new Route(
            "GET",
            STATUS,
            EnumSet.allOf(Route.Listener.class),
            Optional.of(Operation.READ),
            Optional.empty(),
            ANYBODY,
            this::status),
        new Route(
            "GET",
            "/v1/openapi",
            EnumSet.allOf(Route.Listener.class),
            Optional.empty(),
            Optional.empty(),
            ANYBODY,
            _ -> openApi()),
        peer("/v1/peer/sessions/{sid}/step", Operation.READ, this::step),
        peer("/v1/peer/checkpoint", Operation.READ, this::checkpoint),
        peer("/v1/peer/statements", Operation.READ, this::heard),
        peer("/v1/peer/keys/{id}/statements", Operation.READ, this::statements));
  }

  private static Route client(
      String method, String path, Operation operation, Set<Role> roles, Route.Handler handler) {
    return new Route(
        method,
        path,
        EnumSet.of(Route.Listener.CLIENT),
        Optional.of(operation),
        method.equals("POST") ? Optional.of(Reply.JSON) : Optional.empty(),
        roles,
        handler);
  }

  /** What a step may do depends on its session, so the enclave judges the state for itself. */
  private static Route peer(String path, Operation operation, Route.Handler handler) {
    return new Route(
        "POST",
        path,
        EnumSet.of(Route.Listener.PEER),
        Optional.of(operation),
        Optional.of(Reply.CBOR),
        Set.of(),
        handler);
  }

  private Reply sign(Call call) {
    var body = StrictJson.object(call.body(), Set.of("request", "payload"), Set.of());
    var request = StrictJson.child(body, "request").toString().getBytes(UTF_8);
    byte[] payload;
    try {
      payload = Base64.getDecoder().decode(StrictJson.text(body, "payload"));
    } catch (IllegalArgumentException e) {
      throw new StrictJson.Malformed("field payload must be base64 (RFC 4648 section 4)");
    }
    return switch (SignedRequests.parse(request)) {
      case SignedRequests.Parsed.Sign(var signed) -> carry(new Order.Sign(signed, payload), call);
      case SignedRequests.Parsed.GenerateKey _ ->
          malformed("this is a request for a new key; send it to /v1/keygen");
      case SignedRequests.Parsed.RekeyPair _ ->
          malformed("this is a request about a pair; send it to /v1/pair-rekeys");
      case SignedRequests.Parsed.Malformed(var reason) -> malformed("field request: " + reason);
    };
  }

  private Reply generate(Call call) {
    var body = StrictJson.object(call.body(), Set.of("request"), Set.of());
    var request = StrictJson.child(body, "request").toString().getBytes(UTF_8);
    return switch (SignedRequests.parse(request)) {
      case SignedRequests.Parsed.GenerateKey(var signed) ->
          carry(new Order.GenerateKey(signed), call);
      case SignedRequests.Parsed.Sign _ ->
          malformed("this is a request for a signature; send it to /v1/sign-requests");
      case SignedRequests.Parsed.RekeyPair _ ->
          malformed("this is a request about a pair; send it to /v1/pair-rekeys");
      case SignedRequests.Parsed.Malformed(var reason) -> malformed("field request: " + reason);
    };
  }

  /** Both operators' signatures are over the same request. */
  private Reply rekeyPair(Call call) {
    var body = StrictJson.object(call.body(), Set.of("request", "second"), Set.of());
    var request = StrictJson.child(body, "request").toString().getBytes(UTF_8);
    var second = StrictJson.child(body, "second").toString().getBytes(UTF_8);
    return SignedRequests.parse(request) instanceof SignedRequests.Parsed.RekeyPair(var first)
            && SignedRequests.parse(second) instanceof SignedRequests.Parsed.RekeyPair(var other)
        ? carry(new Order.RekeyPair(first, other), call)
        : malformed("request and second are each a signed request of kind rekey-pair");
  }

  private Reply carry(Order order, Call call) {
    long begin = System.nanoTime();
    var carried = coordinator.carry(order, call.trace().header());
    long millis = (System.nanoTime() - begin) / 1_000_000;
    return switch (carried) {
      case Carried.Done(var outcome, var stored) -> {
        if (!stored) {
          log(order, call, kind(outcome), millis);
        }
        yield answer(outcome, stored ? 200 : 201);
      }
      case Carried.Refused(var refusal) -> {
        log(order, call, refusal.code().label(), millis);
        yield Reply.of(Problem.of(refusal));
      }
    };
  }

  private static Reply answer(Outcome outcome, int success) {
    return switch (outcome) {
      case Outcome.Signed signed -> Reply.json(success, OutcomeJson.of(signed));
      case Outcome.KeyGenerated generated -> Reply.json(success, OutcomeJson.of(generated));
      case Outcome.PairRekeyed rekeyed -> Reply.json(success, OutcomeJson.of(rekeyed));
      case Outcome.Presigned presigned -> Reply.json(success, OutcomeJson.of(presigned));
      case Outcome.Denied denied -> Reply.of(Problem.of(denied));
      case Outcome.Aborted aborted -> Reply.of(Problem.of(aborted));
      case Outcome.Lost lost -> Reply.of(Problem.of(lost));
    };
  }

  private static String kind(Outcome outcome) {
    return OutcomeJson.of(outcome).path("outcome").asText();
  }

  /** The one line that a request leaves: its ids and its end, never what it carries. */
  private static void log(Order order, Call call, String end, long millis) {
    LOG.atInfo()
        .addKeyValue("trace.id", call.trace().id())
        .addKeyValue("user.name", call.caller().map(CallerIdentity::name).orElse("-"))
        .addKeyValue(
            "event.action",
            switch (order) {
              case Order.Sign _ -> "sign";
              case Order.GenerateKey _ -> "generate-key";
              case Order.RekeyPair _ -> "rekey-pair";
              case Order.Presign _ -> "presign";
            })
        .addKeyValue("event.outcome", end)
        .addKeyValue("event.duration", millis * 1_000_000)
        .addKeyValue("sharekeep.request.id", order.requestId())
        .log("request ended");
  }

  private Reply outcome(Call call) {
    var id = call.parameter("id");
    if (!REQUEST_ID.matcher(id).matches()) {
      return malformed("a requestId is 1 to 64 letters, digits, dots, colons and dashes");
    }
    return enclave
        .outcome(id)
        .map(outcome -> Reply.json(200, OutcomeJson.of(outcome)))
        .orElseGet(() ->
            Reply.of(
                Problem.of(
                    FaceProblem.UNKNOWN_REQUEST,
                    "ask the party that coordinated it, or wait until it ends")));
  }

  /** The signatures count, not who brings the document. */
  private Reply follow(Call call) {
    var body = StrictJson.object(call.body(), Set.of("document"), Set.of());
    return switch (DocumentFile.parse(
        StrictJson.child(body, "document").toString().getBytes(UTF_8))) {
      case DocumentFile.Parsed.Malformed(var reason) -> malformed("field document: " + reason);
      case DocumentFile.Parsed.Document(var file) ->
          switch (enclave.follow(file)) {
            case Following.Accepted(var hash, var from) ->
                Reply.json(
                    200,
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("hash", hash)
                        .put("activeFrom", from.toString()));
            case Following.Objected(var objections) ->
                Reply.of(
                    Problem.of(
                        new Refusal(Refusal.Code.DOCUMENT_REFUSED, String.join("; ", objections))));
            case Following.Refused(var refusal) -> Reply.of(Problem.of(refusal));
          };
    };
  }

  private Reply cancel(Call call) {
    var body = StrictJson.object(call.body(), Set.of("statement"), Set.of());
    byte[] statement = StrictJson.child(body, "statement").toString().getBytes(UTF_8);
    return switch (enclave.cancelPolicy(statement)) {
      case Cancellation.Done(var cancelled) -> Reply.json(200, StatusJson.pending(cancelled));
      case Cancellation.Refused(var refusal) -> Reply.of(Problem.of(refusal));
    };
  }

  private Reply freeze(Call call) {
    var body = StrictJson.object(call.body(), Set.of("statement"), Set.of());
    return frozen(enclave.freeze(StrictJson.child(body, "statement").toString().getBytes(UTF_8)));
  }

  private Reply unfreeze(Call call) {
    var body = StrictJson.object(call.body(), Set.of("statements"), Set.of());
    var statements = new ArrayList<byte[]>();
    for (var one : body.path("statements")) {
      statements.add(one.toString().getBytes(UTF_8));
    }
    return statements.isEmpty() || statements.size() > MOST_STATEMENTS
        ? malformed("field statements must hold 1 to " + MOST_STATEMENTS + " signed statements")
        : frozen(enclave.unfreeze(statements));
  }

  private static Reply frozen(Frozen frozen) {
    return switch (frozen) {
      case Frozen.Done(var id, var scope, var stands, var beyond) -> {
        var json =
            JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("scope", scope)
                .put("frozen", stands);
        var late = json.putArray("beyond");
        beyond.forEach(late::add);
        yield Reply.json(200, json);
      }
      case Frozen.Refused(var refusal) -> Reply.of(Problem.of(refusal));
    };
  }

  private Reply decisions(Call call) {
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("decisions");
    enclave.decisions(call.parameter("id")).forEach(record -> list.add(StrictJson.parse(record)));
    return Reply.json(200, json);
  }

  private Reply blame(Call call) {
    var id = call.parameter("id");
    return enclave
        .blame(id)
        .map(report ->
            Reply.json(
                200,
                JsonNodeFactory.instance
                    .objectNode()
                    .put("requestId", id)
                    .put("report", HexFormat.of().formatHex(report))))
        .orElseGet(() ->
            Reply.of(
                Problem.of(
                    FaceProblem.UNKNOWN_REQUEST,
                    "this party reports nobody for that request; ask another party that took"
                        + " part")));
  }

  private Reply waiting(Call call) {
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("waiting");
    enclave.waiting().forEach(one -> list.add(StrictJson.parse(one.json())));
    return Reply.json(200, json);
  }

  private Reply waitingOne(Call call) {
    var id = call.parameter("id");
    return enclave
        .waiting(id)
        .map(one -> {
          var json = StrictJson.parse(one.json());
          var policies = json.putArray("policies");
          coordinator.policies(one.order().body().committee()).forEach(policies::add);
          return Reply.json(200, json);
        })
        .orElseGet(() ->
            Reply.of(
                Problem.of(
                    new Refusal(
                        Refusal.Code.NOT_WAITING,
                        "it may have ended, or waits at another party; ask for its outcome"))));
  }

  /** Whoever brings a statement is nobody: what counts is who signed it. */
  private Reply said(Call call) {
    var id = call.parameter("id");
    var body = StrictJson.object(call.body(), Set.of("statement"), Set.of());
    var statement = StrictJson.child(body, "statement");
    boolean tells = !statement.at("/statement/decision").asText().equals("approve");
    var heard =
        coordinator.said(id, statement.toString().getBytes(UTF_8), tells, call.trace().header());
    return switch (heard.carried()) {
      case Carried.Done(var outcome, var stored) ->
          stored
              ? Reply.json(200, unheard(OutcomeJson.of(outcome), heard.unheard()))
              : answer(outcome, 201);
      case Carried.Refused(var refusal) ->
          Reply.of(
              Problem.of(
                  heard.unheard().isEmpty()
                      ? refusal
                      : refusal.saying(
                          refusal.detail() + ". Not taken by parties " + heard.unheard())));
    };
  }

  private static ObjectNode unheard(ObjectNode json, Map<Integer, String> parties) {
    if (!parties.isEmpty()) {
      var list = json.putArray("unheard");
      parties.forEach((party, why) -> list.addObject().put("party", party).put("why", why));
    }
    return json;
  }

  private Reply heard(Call call) {
    return switch (codec.said(call.body())) {
      case Parsed.Valid<Said>(var said) ->
          enclave
              .hear(said.order(), said.statement())
              .map(refusal -> Reply.of(Problem.of(refusal)))
              .orElseGet(() -> Reply.cbor(200, codec.encode(said)));
      case Parsed.Malformed<Said>(var reason) -> malformed(reason);
    };
  }

  /** Also of a request that has not come yet: whoever watches from the beginning asks before. */
  private Reply events(Call call) {
    var id = call.parameter("id");
    if (!REQUEST_ID.matcher(id).matches()) {
      return malformed("a requestId is 1 to 64 letters, digits, dots, colons and dashes");
    }
    var last = call.lastEventId().orElse("0");
    if (!EVENT_ID.matcher(last).matches()) {
      return malformed("Last-Event-ID is the id of an event that this route has sent");
    }
    if (!streams.tryAcquire()) {
      return Reply.of(
          Problem.of(new Refusal(Refusal.Code.OVERLOADED, "too many streams of events at once")));
    }
    return Reply.events(
        new EventStream(
            coordinator.progress(),
            id,
            Integer.parseInt(last),
            streams,
            HEARTBEAT,
            LONGEST_STREAM));
  }

  private Reply logCheckpoint(Call call) {
    return logFile("checkpoint", Reply.TEXT);
  }

  private Reply logTile(Call call) {
    return logFile("tile/" + call.parameter("file"), Reply.BYTES);
  }

  private Reply logFile(String name, String mediaType) {
    return enclave
        .logFile(name)
        .map(bytes -> new Reply(200, mediaType, bytes, Map.of()))
        .orElseGet(() ->
            Reply.of(
                Problem.of(
                    FaceProblem.UNKNOWN_FILE,
                    "its files are named as c2sp.org/tlog-tiles has it, up to the size of the"
                        + " newest checkpoint")));
  }

  private Reply keys(Call call) {
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("keys");
    enclave.keys().forEach(key -> list.add(KeyJson.of(key)));
    return Reply.json(200, json);
  }

  private Reply key(Call call) {
    return ofKey(call, KeyJson::of);
  }

  /** The path comes percent-encoded, as one segment. */
  private Reply derived(Call call) {
    KeyPath path;
    try {
      path = KeyPath.parse(call.parameter("path"));
    } catch (IllegalArgumentException e) {
      return malformed(String.valueOf(e.getMessage()));
    }
    return ofKey(
        call,
        key -> {
          var derived =
              enclave
                  .derived(key.id(), path)
                  .orElseThrow(() -> new IllegalStateException("no key at " + path));
          var json =
              JsonNodeFactory.instance
                  .objectNode()
                  .put("path", path.toString())
                  .put("publicKey", derived.publicKeyHex());
          var addresses = json.putObject("addresses");
          derived.addresses().forEach(addresses::put);
          return json;
        });
  }

  private Reply pairs(Call call) {
    return ofKey(
        call,
        key -> {
          var json = JsonNodeFactory.instance.objectNode();
          var list = json.putArray("pairs");
          enclave
              .pairs(key.id())
              .forEach(pair ->
                  list.addObject()
                      .put("party", pair.party())
                      .put("generation", pair.generation())
                      .put("state", pair.state())
                      .put("deaths", pair.deaths()));
          return json;
        });
  }

  private Reply ofKey(Call call, Function<KeyDescription, ObjectNode> json) {
    var id = call.parameter("id");
    if (!KEY_ID.matcher(id).matches()) {
      return malformed("a key id is 32 lower-case hex digits");
    }
    return enclave
        .key(new KeyId(id))
        .map(key -> Reply.json(200, json.apply(key)))
        .orElseGet(() ->
            Reply.of(
                Problem.of(
                    new Refusal(
                        Refusal.Code.UNKNOWN_KEY,
                        "key "
                            + id
                            + " is not at this party; GET /v1/keys lists those that are"))));
  }

  private Reply status(Call call) {
    var json =
        StatusJson.full(enclave.status(), enclave.documents(), enclave.pendingPolicy(), version);
    call.caller().ifPresent(caller -> json.put("you", caller.name()));
    return Reply.json(200, json);
  }

  private Reply step(Call call) {
    var sid = call.parameter("sid");
    if (!LOCATOR.matcher(sid).matches()) {
      return malformed("a session is named by 64 lower-case hex digits");
    }
    return switch (codec.request(call.body())) {
      case Parsed.Valid<StepRequest>(var request) -> {
        var reply =
            drain.begun() && request.round() == 1
                ? new StepReply.Refused(STOPPING)
                : step(HexFormat.of().parseHex(sid), request);
        yield Reply.cbor(status(reply), codec.encode(reply));
      }
      case Parsed.Malformed<StepRequest>(var reason) -> malformed(reason);
    };
  }

  private StepReply step(byte[] locator, StepRequest request) {
    var reply = enclave.step(locator, request);
    switch (reply) {
      case StepReply.Sent sent -> drain.goesOn(sent.sessionId());
      case StepReply.Finished _, StepReply.Refused _ -> drain.ended(locator);
    }
    return reply;
  }

  private static int status(StepReply reply) {
    return switch (reply) {
      case StepReply.Sent _ -> 200;
      case StepReply.Finished _ -> 200;
      case StepReply.Refused(var refusal) -> refusal.code().httpStatus();
    };
  }

  private Reply checkpoint(Call call) {
    return switch (codec.note(call.body())) {
      case Parsed.Valid<byte[]>(var note) -> {
        enclave.shown(note);
        yield Reply.cbor(200, codec.encode(note));
      }
      case Parsed.Malformed<byte[]>(var reason) -> malformed(reason);
    };
  }

  private Reply statements(Call call) {
    var id = call.parameter("id");
    return switch (codec.statements(call.body())) {
      case Parsed.Valid<io.sharekeep.enclave.KeyStatements>(var statements) ->
          statements.key().hex().equals(id)
              ? Reply.cbor(200, codec.encode(enclave.exchange(statements)))
              : malformed("the statements are about another key than the path names");
      case Parsed.Malformed<io.sharekeep.enclave.KeyStatements>(var reason) -> malformed(reason);
    };
  }

  private static Reply malformed(String detail) {
    return Reply.of(Problem.of(FaceProblem.MALFORMED, detail));
  }

  /** The interface's description, as shipped; read once, since answers wait for slow readers. */
  static Reply openApi() {
    return OpenApi.REPLY;
  }

  private static final class OpenApi {
    private static final Reply REPLY = read();

    private static Reply read() {
      try (var in = Routes.class.getResourceAsStream(OPENAPI)) {
        if (in == null) {
          throw new IllegalStateException(OPENAPI + " is not in the jar");
        }
        return new Reply(200, "application/yaml", in.readAllBytes(), Map.of());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
