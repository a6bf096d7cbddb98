package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.DigestWords;
import io.sharekeep.enclave.OfflineRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep request}. */
@Command(
    name = "request",
    mixinStandardHelpOptions = true,
    description = "Requests that wait for people, and what was decided about any request and why.",
    subcommands = {
      Request.ListThem.class,
      Request.Show.class,
      Request.Export.class,
      Statement.Approve.class,
      Statement.Reject.class,
      Statement.Withdraw.class,
      Request.Import.class
    })
final class Request implements Runnable {
  static final String WAITING = "/v1/waiting-requests";
  private static final String ID = "Its id; request list shows those that wait.";

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Override
  public void run() {
    throw new CliProblem(
        ExitCode.USAGE,
        "say what to do: request list, show, approve, reject, withdraw, export or import");
  }

  /** Refuses what could not be an id, so that nothing else ends up in a path. */
  static String id(String text) {
    if (!text.matches("[A-Za-z0-9._:-]{1,64}")) {
      throw new CliProblem(
          ExitCode.USAGE, "a requestId is 1 to 64 letters, digits, dots, colons and dashes");
    }
    return text;
  }

  static ObjectNode object(Path file, byte[] bytes) {
    try {
      if (new ObjectMapper().readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      // Said below, as for anything else that is no object.
    }
    throw new CliProblem(ExitCode.USAGE, file + " holds no JSON object");
  }

  /** {@code sharekeep request list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Those that wait at this party, oldest first.")
  static final class ListThem implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Request request;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Override
    public Integer call() {
      try (var client = connection.open()) {
        var answer = client.get(WAITING);
        var rows = new java.util.ArrayList<JsonNode>();
        answer.path("waiting").forEach(rows::add);
        output.print(
            request.parent.out(),
            answer,
            List.of("requestId", "initiator", "rule", "missing", "until"),
            rows);
      }
      return ExitCode.DONE;
    }
  }

  /** {@code sharekeep request show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "What this party decided about a request: every rule with its verdict, every limit.",
        "The records under decisions are what sharekeep policy replay makes again."
      })
  static final class Show implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Request request;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "ID", description = ID)
    String id = "";

    @Override
    public Integer call() {
      try (var client = connection.open()) {
        var answer = client.get("/v1/sign-requests/" + id(id) + "/decisions");
        switch (output.format) {
          case JSON -> output.print(request.parent.out(), withWords(answer));
          case TABLE ->
              answer
                  .path("decisions")
                  .forEach(record -> Explanation.print(request.parent.out(), record));
        }
        return answer.path("decisions").isEmpty() ? none() : ExitCode.DONE;
      }
    }

    /** Beside the records, which stay as they are. All are about one and the same. */
    private static JsonNode withWords(JsonNode answer) {
      var json = answer.<ObjectNode>deepCopy();
      Explanation.hash(answer.at("/decisions/0"))
          .ifPresent(hash -> DigestWords.of(hash).forEach(json.putArray("words")::add));
      return json;
    }

    private int none() {
      throw new CliProblem(
          ExitCode.USAGE,
          "this party has decided nothing of that id by typed rules; ask another party");
    }
  }

  /** {@code sharekeep request export}. */
  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = {
        "Gives out all that an approver without a network needs: to a file, or as QR codes.",
        "On their machine, request approve --offline takes the file, or the pasted text of the"
            + " codes."
      })
  static final class Export implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Request request;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "ID", description = ID)
    String id = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Writes it to a file.")
    @Nullable Path out;

    @Option(
        names = "--qr",
        description = "Shows it as QR codes, for a camera that sees this terminal.")
    boolean qr;

    @Override
    public Integer call() {
      if (out == null && !qr) {
        throw new CliProblem(ExitCode.USAGE, "say where to: --out FILE or --qr");
      }
      try (var client = connection.open()) {
        var waiting = client.get(WAITING + "/" + id(id));
        output.print(request.parent.out(), summary(waiting));
        if (out != null) {
          PemFiles.write(out, (waiting.toPrettyString() + "\n").getBytes(UTF_8));
        }
        if (qr) {
          Carried.show(request.parent.out(), waiting.toString().getBytes(UTF_8));
        }
      }
      return ExitCode.DONE;
    }
  }

  /** What a person should see of a request: read here, not there. */
  static ObjectNode summary(JsonNode waiting) {
    var read = read(waiting);
    var json = JsonNodeFactory.instance.objectNode();
    json.put("requestId", read.requestId());
    json.put("initiator", read.initiator());
    read.summary().forEach(json.putArray("summary")::add);
    json.put(read.hashName(), read.hash());
    read.words().forEach(json.putArray("words")::add);
    json.put("rule", waiting.path("rule").asText());
    json.put("missing", waiting.path("missing").asText());
    json.put("until", waiting.path("until").asText());
    return json;
  }

  static OfflineRequest read(JsonNode waiting) {
    var bare = waiting.<ObjectNode>deepCopy();
    bare.remove("policies");
    return switch (OfflineRequest.parse(bare.toString().getBytes(UTF_8))) {
      case OfflineRequest.Parsed.Valid(var request) -> request;
      case OfflineRequest.Parsed.Malformed(var reason) ->
          throw new CliProblem(ExitCode.DENIED, "do not sign this request: " + reason);
    };
  }

  /** {@code sharekeep request import}. */
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = "Brings what was signed elsewhere to the party where the request waits.")
  static final class Import implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Request request;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(
        paramLabel = "FILE",
        description =
            "What request approve --offline gave out: the file, or the text of its QR codes; -"
                + " reads the standard input.")
    Path file = Path.of("");

    @Override
    public Integer call() {
      var statement = Carried.read(file, System.in, "the statement");
      try (var client = connection.open()) {
        output.print(
            request.parent.out(),
            bring(client, statement.path("statement").path("requestId").asText(), statement));
      }
      return ExitCode.DONE;
    }
  }

  static JsonNode bring(ApiClient client, String requestId, ObjectNode statement) {
    var body = JsonNodeFactory.instance.objectNode();
    body.set("statement", statement);
    return client.post(WAITING + "/" + id(requestId) + "/statements", body);
  }
}
