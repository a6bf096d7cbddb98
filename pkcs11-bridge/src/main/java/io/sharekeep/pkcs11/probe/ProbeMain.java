package io.sharekeep.pkcs11.probe;

import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.cryptoki.Inspection;
import io.sharekeep.pkcs11.cryptoki.Inspection.Found;
import io.sharekeep.pkcs11.cryptoki.Trial;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The child of {@link LibraryProbe}: looks at a library and prints one line of JSON. */
public final class ProbeMain {
  /** More generations of the kek than a token will see. */
  private static final int GENERATIONS = 32;

  private static final List<KeySpec> OURS =
      Stream.concat(
              IntStream.rangeClosed(1, GENERATIONS).mapToObj(KeySpec::kek),
              Stream.of(KeySpec.IDENTITY, KeySpec.LOG, KeySpec.ATTEST, KeySpec.TLS))
          .toList();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, Object> answer = new LinkedHashMap<>();
  private final List<Map<String, Object>> checks = new ArrayList<>();

  private ProbeMain() {}

  /** Arguments as {@link LibraryProbe#run} makes them. */
  public static void main(String[] arguments) {
    var library = TokenLibrary.at(Path.of(arguments[0]));
    var token = Optional.<String>empty();
    var pin = Optional.<Path>empty();
    boolean trial = false;
    for (int i = 1; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--sha256" -> library = library.pinned(Optional.of(arguments[++i]));
        case "--parameters" -> library = library.with(Optional.of(arguments[++i]));
        case "--profile" -> library = library.under(Path.of(arguments[++i]));
        case "--token" -> token = Optional.of(arguments[++i]);
        case "--pin-file" -> pin = Optional.of(Path.of(arguments[++i]));
        case "--trial" -> trial = true;
        default -> throw new IllegalArgumentException(arguments[i]);
      }
    }
    var probe = new ProbeMain();
    probe.look(library, token, pin, trial);
    System.out.println();
    System.out.println(Json.of(probe.answer));
  }

  private void look(
      TokenLibrary library, Optional<String> label, Optional<Path> pin, boolean trial) {
    answer.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    answer.put("checks", checks);
    try {
      var seen = Inspection.of(library, ChildJvm::stage);
      describe(seen);
      check("library", true, "a PKCS#11 library", "PKCS#11 " + seen.cryptoki(), "");
      if (label.isPresent()) {
        token(library, seen, label.get(), pin, trial);
      }
    } catch (TokenException e) {
      check("library", false, "a PKCS#11 library that starts", message(e), "see the message");
    }
  }

  private void token(
      TokenLibrary library, Inspection seen, String label, Optional<Path> pin, boolean trial) {
    var named = seen.tokens().stream().filter(token -> token.label().equals(label)).toList();
    check(
        "token",
        named.size() == 1,
        "one token '" + label + "'",
        named.size() + " of " + seen.tokens().stream().map(Found::label).toList(),
        named.isEmpty() ? "initialise one, or correct the label" : "give each its own label");
    if (named.size() != 1) {
      return;
    }
    var found = named.getFirst();
    flags(found);
    if (pin.isPresent() && !found.pinLocked()) {
      use(TokenConfiguration.of(library, label).patience(PATIENCE), pin.get(), trial);
    }
  }

  private void flags(Found token) {
    var profile = token.profile().profile();
    check("profile", true, "a profile", profile.name() + ": " + token.profile().why(), "");
    check(
        "profile measured",
        profile.measured().isPresent(),
        "tried by us on such a token",
        profile.measured().orElse("written from documents: " + profile.source()),
        "run the trial here, and compare what it finds with the vendor's documents");
    check(
        "login required",
        token.loginRequired(),
        "yes",
        yes(token.loginRequired()),
        "a token whose keys need no login is none; configure it");
    check("PIN set", token.pinSet(), "yes", yes(token.pinSet()), "set the user PIN");
    check(
        "PIN locked",
        !token.pinLocked(),
        "no",
        yes(token.pinLocked()),
        "the security officer must reset the PIN");
    check(
        "PIN tried wrongly",
        !token.pinTried(),
        "no",
        yes(token.pinTried()),
        "a wrong PIN was shown; check the PIN file before more tries lock the token");
    check(
        "write-protected",
        !token.writeProtected(),
        "no",
        yes(token.writeProtected()),
        "provisioning makes keys; let it write");
    check("random numbers", token.random(), "yes", yes(token.random()), "use a token with an RNG");
    long most = token.maxSessions();
    check(
        "sessions",
        most <= 0 || most >= 6,
        "at least 6",
        most <= 0 ? "no limit told" : Long.toString(most),
        "raise the limit, or give the appliance a partition of its own");
  }

  private void use(TokenConfiguration configuration, Path pin, boolean trial) {
    ChildJvm.stage("C_Login");
    try (var token = Tokens.open(configuration)) {
      token.login(new PinFile(pin));
      check("login", true, "the PIN is right", "logged in", "");
      if (trial) {
        ChildJvm.stage("the trial with throw-away keys");
        for (var outcome : Trial.of(token).all()) {
          check(
              outcome.name(),
              outcome.passed(),
              outcome.expected(),
              outcome.found(),
              "this token cannot do it safely as its profile says; write a profile that names"
                  + " another way to seal, or use another token");
        }
      }
      ChildJvm.stage("reading the attributes of keys");
      evidence(token);
      var report = token.report();
      answer.put("limits", report.limits());
      report.suite().ifPresent(suite -> answer.put("suite", suite.name()));
    } catch (TokenException e) {
      check("login", false, "the PIN is right", message(e), "see the message");
    }
  }

  private void evidence(Token token) {
    var all = new ArrayList<Map<String, Object>>();
    for (var spec : OURS) {
      try {
        token
            .find(spec.name())
            .ifPresent(key -> {
              var evidence = token.evidence(key);
              all.add(rendered(spec, evidence));
              var violations = evidence.violations(spec);
              check(
                  "key " + spec.name().label(),
                  violations.isEmpty(),
                  "every attribute as demanded",
                  violations.isEmpty() ? "as demanded" : violations.toString(),
                  "make the key anew with hsm provision, and reseal what it sealed");
            });
      } catch (TokenException e) {
        check(
            "key " + spec.name().label(), false, "one key", message(e), "remove what is not ours");
      }
    }
    answer.put("evidence", all);
  }

  private static Map<String, Object> rendered(KeySpec spec, KeyEvidence evidence) {
    var findings = new LinkedHashMap<String, Object>();
    evidence.findings().forEach(finding -> findings.put(finding.attribute(), finding.found()));
    var map = new LinkedHashMap<String, Object>();
    map.put("key", spec.name().label());
    map.put("id", evidence.key().id());
    map.put("findings", findings);
    map.put("violations", evidence.violations(spec).stream().map(Object::toString).toList());
    map.put(
        "exempted",
        evidence.exempted(spec).stream()
            .map(exemption ->
                exemption.attribute()
                    + " may be "
                    + exemption.found()
                    + " by profile "
                    + exemption.profile())
            .toList());
    return map;
  }

  private void describe(Inspection seen) {
    var library = new LinkedHashMap<String, Object>();
    library.put("path", seen.path());
    library.put("sha256", seen.sha256());
    library.put("cryptoki", seen.cryptoki());
    library.put("manufacturer", seen.manufacturer());
    library.put("description", seen.description());
    library.put("version", seen.version());
    answer.put("library", library);
    answer.put("tokens", seen.tokens().stream().map(ProbeMain::described).toList());
  }

  private static Map<String, Object> described(Found token) {
    var profile = token.profile().profile();
    var map = new LinkedHashMap<String, Object>();
    map.put("label", token.label());
    map.put("manufacturer", token.manufacturer());
    map.put("model", token.model());
    map.put("serial", token.serial());
    map.put("hardware", token.hardware());
    map.put("firmware", token.firmware());
    map.put("flags", "0x" + Long.toHexString(token.flags()));
    map.put("maxSessions", token.maxSessions());
    map.put(
        "mechanisms",
        token.mechanisms().stream().map(type -> "0x" + Long.toHexString(type)).toList());
    map.put("profile", profile.name());
    map.put("profileTitle", profile.title());
    map.put("profileMeasured", profile.measured().orElse("no"));
    map.put("profileWhy", token.profile().why());
    return map;
  }

  private void check(String name, boolean passed, String expected, String found, String remedy) {
    var map = new LinkedHashMap<String, Object>();
    map.put("check", name);
    map.put("passed", passed);
    map.put("expected", expected);
    map.put("found", found);
    map.put("remedy", passed ? "" : remedy);
    checks.add(map);
  }

  private static String yes(boolean flag) {
    return flag ? "yes" : "no";
  }

  private static String message(TokenException e) {
    return String.valueOf(e.getMessage());
  }
}
