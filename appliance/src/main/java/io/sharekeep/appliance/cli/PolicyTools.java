package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.OfflineDecision;
import io.sharekeep.enclave.OfflinePolicy;
import io.sharekeep.enclave.OfflinePolicy.CaseOutcome;
import io.sharekeep.enclave.OfflinePolicy.Tried;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What is done with policies of typed rules on files alone: no appliance, no HSM, no network. */
final class PolicyTools {
  private static final String POLICY = "The policy: YAML, JSON, or a signed document.";

  private PolicyTools() {}

  private static Tried.Outcomes outcomes(PolicySource source, Path cases) {
    var document = PolicySource.document(cases, "the cases");
    return switch (source.policy().run(document.json().toString().getBytes(UTF_8))) {
      case Tried.Outcomes outcomes -> outcomes;
      case Tried.Malformed(var field, var reason) ->
          throw PolicySource.wrong(document, field, reason);
    };
  }

  private static List<JsonNode> rows(JsonNode list) {
    var rows = new ArrayList<JsonNode>();
    list.forEach(rows::add);
    return rows;
  }

  /** {@code sharekeep policy lint}. */
  @Command(
      name = "lint",
      mixinStandardHelpOptions = true,
      description = {
        "Reads the policy and says what may be wrong with it, with file and line.",
        "Exit 2 if it does not read, 3 if an error is found, or with --strict a warning."
      })
  static final class Lint implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Policy policy;

    @Mixin Output output = new Output();

    @Parameters(paramLabel = "FILE", description = POLICY)
    Path file = Path.of("");

    @Option(names = "--strict", description = "Warnings count as errors.")
    boolean strict;

    @Option(
        names = "--committee",
        paramLabel = "T-of-N",
        description = "Says besides what rotating quorums of such a committee can spend.")
    @Nullable String committee;

    @Override
    public Integer call() {
      var source = PolicySource.read(file);
      var json = JsonNodeFactory.instance.objectNode();
      var list = json.putArray("findings");
      boolean bad = false;
      for (var finding : findings(source.policy())) {
        bad |= finding.level().equals("error") || (strict && finding.level().equals("warning"));
        list.addObject()
            .put("level", finding.level())
            .put("code", finding.code())
            .put("place", source.place(finding.field()))
            .put("field", finding.field())
            .put("text", finding.text());
      }
      output.print(
          policy.parent.out(), json, List.of("level", "code", "place", "text"), rows(list));
      return bad ? ExitCode.DENIED : ExitCode.DONE;
    }

    private List<OfflinePolicy.Finding> findings(OfflinePolicy read) {
      if (committee == null) {
        return read.lint();
      }
      if (!committee.matches("[1-9][0-9]?-of-[1-9][0-9]?")) {
        throw new CliProblem(ExitCode.USAGE, "--committee: write it as 2-of-3");
      }
      var parts = committee.split("-of-", 2);
      return read.lint(Integer.parseInt(parts[1]), Integer.parseInt(parts[0]));
    }
  }

  /** {@code sharekeep policy test}. */
  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = {
        "Decides every case of a table and compares with what it expects.",
        "Exit 0 only if all are as expected, and with --strict every rule meets a case."
      })
  static final class Test implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Policy policy;

    @Mixin Output output = new Output();

    @Parameters(index = "0", paramLabel = "FILE", description = POLICY)
    Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "CASES", description = "The table: YAML or JSON.")
    Path cases = Path.of("");

    @Option(names = "--strict", description = "Wants a case for every rule.")
    boolean strict;

    @Override
    public Integer call() {
      var outcomes = outcomes(PolicySource.read(file), cases);
      var json = JsonNodeFactory.instance.objectNode();
      var list = json.putArray("cases");
      boolean bad = false;
      for (var one : outcomes.cases()) {
        bad |= !one.surprises().isEmpty();
        list.addObject()
            .put("case", one.id())
            .put("result", one.surprises().isEmpty() ? "ok" : "FAILED")
            .put("decision", one.decision())
            .put("rule", one.rule())
            .put("surprise", String.join("; ", one.surprises()));
      }
      var untried = json.putArray("untried");
      outcomes.untried().forEach(untried::add);
      bad |= strict && !outcomes.untried().isEmpty();
      json.put("passed", !bad);
      output.print(
          policy.parent.out(),
          json,
          List.of("case", "result", "decision", "rule", "surprise"),
          rows(list));
      if (!outcomes.untried().isEmpty()) {
        policy.parent.err().println("no case meets: " + String.join(", ", outcomes.untried()));
        policy.parent.err().flush();
      }
      return bad ? ExitCode.DENIED : ExitCode.DONE;
    }
  }

  /** {@code sharekeep policy explain}. */
  @Command(
      name = "explain",
      mixinStandardHelpOptions = true,
      description = "Shows for one case of a table what every rule and limit says, and why.")
  static final class Explain implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Policy policy;

    @Mixin Output output = new Output();

    @Parameters(index = "0", paramLabel = "FILE", description = POLICY)
    Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "CASES", description = "The table: YAML or JSON.")
    Path cases = Path.of("");

    @Option(names = "--case", required = true, paramLabel = "ID", description = "Which case.")
    String id = "";

    @Override
    public Integer call() {
      var found =
          outcomes(PolicySource.read(file), cases).cases().stream()
              .filter(one -> one.id().equals(id))
              .findFirst()
              .map(CaseOutcome::explanation)
              .orElseThrow(
                  () -> new CliProblem(ExitCode.USAGE, cases + " holds no case called " + id));
      switch (output.format) {
        case JSON -> output.print(policy.parent.out(), found);
        case TABLE -> Explanation.print(policy.parent.out(), found);
      }
      return ExitCode.DONE;
    }
  }

  /** {@code sharekeep policy replay}. */
  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description = {
        "Makes recorded decisions again from their records alone, and says where they differ.",
        "Exit 0 only if every one comes to what it says."
      })
  static final class Replay implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Policy policy;

    @Mixin Output output = new Output();

    @Parameters(
        paramLabel = "RECORDS",
        description = "What request show -o json printed: an object with decisions.")
    Path records = Path.of("");

    @Option(
        names = "--document",
        required = true,
        paramLabel = "FILE",
        description = "A signed policy or list that the records name by hash; may be repeated.")
    List<Path> documents = new ArrayList<>();

    @Override
    public Integer call() {
      var held = Connection.documents(documents);
      var decisions =
          Request.object(records, PemFiles.read(records, "the records")).path("decisions");
      if (decisions.isEmpty()) {
        throw new CliProblem(ExitCode.USAGE, records + " holds no decisions");
      }
      var json = JsonNodeFactory.instance.objectNode();
      var list = json.putArray("replayed");
      boolean differs = false;
      for (var record : decisions) {
        var differences = OfflineDecision.differences(record.toString().getBytes(UTF_8), held);
        differs |= !differences.isEmpty();
        list.addObject()
            .put("requestId", record.path("requestId").asText())
            .put("decision", record.path("ruling").path("decision").asText())
            .put("rule", record.path("ruling").path("rule").asText())
            .put("result", differences.isEmpty() ? "ok" : "DIFFERS")
            .put("difference", String.join("; ", differences));
      }
      json.put("differs", differs);
      output.print(
          policy.parent.out(),
          json,
          List.of("requestId", "decision", "rule", "result", "difference"),
          rows(list));
      return differs ? ExitCode.DENIED : ExitCode.DONE;
    }
  }

  /** {@code sharekeep policy diff}. */
  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = "Says by meaning what a version changes, and what of it loosens or tightens.")
  static final class Diff implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Policy policy;

    @Mixin Output output = new Output();

    @Parameters(index = "0", paramLabel = "OLD", description = POLICY)
    Path old = Path.of("");

    @Parameters(index = "1", paramLabel = "NEW", description = POLICY)
    Path next = Path.of("");

    @Override
    public Integer call() {
      var differences =
          PolicySource.read(old).policy().differences(PolicySource.read(next).policy());
      var json = JsonNodeFactory.instance.objectNode();
      json.put(
          "tightensOnly",
          differences.stream().noneMatch(difference -> difference.direction().equals("loosening")));
      var list = json.putArray("differences");
      for (var difference : differences) {
        list.addObject()
            .put("direction", difference.direction())
            .put("what", difference.what())
            .put("how", difference.how());
      }
      output.print(policy.parent.out(), json, List.of("direction", "what", "how"), rows(list));
      return ExitCode.DONE;
    }
  }

  /** {@code sharekeep policy activate}. */
  @Command(
      name = "activate",
      mixinStandardHelpOptions = true,
      description = {
        "Holds a signed version against the quorum, chain and timelock of the signed one before.",
        "Exit 0 if it may follow, 3 if not. Nothing is sent anywhere: policy submit does."
      })
  static final class Activate implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Policy policy;

    @Mixin Output output = new Output();

    @Parameters(index = "0", paramLabel = "OLD", description = "The signed version in force.")
    Path old = Path.of("");

    @Parameters(index = "1", paramLabel = "NEW", description = "The signed version after it.")
    Path next = Path.of("");

    @Option(
        names = "--signed-at",
        paramLabel = "TIME",
        description = "When the last signature was made, from which the timelock runs (now).")
    @Nullable Instant signedAt;

    @Override
    public Integer call() {
      var before = signed(old);
      var after = signed(next);
      var following =
          PolicySource.read(old)
              .policy()
              .follows(before.hash(), after, Optional.ofNullable(signedAt).orElseGet(Instant::now));
      var json = JsonNodeFactory.instance.objectNode();
      json.put("hash", after.hash());
      json.put("previous", before.hash());
      var signers = json.putArray("signers");
      following.signers().forEach(signers::add);
      json.put("tightensOnly", following.tightensOnly());
      json.put("timelock", following.timelock().toString());
      var objections = json.putArray("objections");
      following.objections().forEach(objections::add);
      if (following.objections().isEmpty()) {
        json.put("activeFrom", following.activeFrom().toString());
      }
      output.print(policy.parent.out(), json);
      return following.objections().isEmpty() ? ExitCode.DONE : ExitCode.DENIED;
    }

    private static DocumentFile signed(Path file) {
      PolicySource.read(file); // says where it is wrong, by line
      var document = Connection.document(file);
      var problems = document.problems();
      if (document.kind() != DocumentFile.Kind.TYPED_POLICY || !problems.isEmpty()) {
        throw new CliProblem(
            ExitCode.USAGE, file + " is not properly signed: " + String.join("; ", problems));
      }
      return document;
    }
  }

  /** {@code sharekeep policy submit}. */
  @Command(
      name = "submit",
      mixinStandardHelpOptions = true,
      description = {
        "Brings a signed version of the policy, or a signed list, to an appliance.",
        "It is held against the policy in force alone. A version of the policy that loosens"
            + " anything waits for its time lock; what waits for approvals then ends."
      })
  static final class Submit implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Policy policy;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "The signed document.")
    Path file = Path.of("");

    @Override
    public Integer call() {
      var body = JsonNodeFactory.instance.objectNode();
      body.set("document", Request.object(file, Connection.document(file).toJson()));
      try (var client = connection.open()) {
        output.print(policy.parent.out(), client.post("/v1/documents", body));
      }
      return ExitCode.DONE;
    }
  }
}
