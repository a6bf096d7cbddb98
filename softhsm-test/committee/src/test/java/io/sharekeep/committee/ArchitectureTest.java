package io.sharekeep.committee;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.SignedRequest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.Test;

/** What the module system does not see of the structure. */
class ArchitectureTest {
  private static final String ROOT = "io.sharekeep.";

  /** Every module, and the modules of ours that it may name. */
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "cbor", Set.of(),
          "threshold", Set.of("cbor"),
          "intent", Set.of(),
          "pkcs11", Set.of(),
          "attestation", Set.of("cbor"),
          "enclave", Set.of("cbor", "threshold", "intent", "pkcs11", "attestation"),
          // The command line checks reports and logs with the auditor's own code.
          "appliance", Set.of("cbor", "enclave", "pkcs11", "attestation"));

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ARROWS.keySet().stream().map(module -> ROOT + module).toList());

  /** What holds an open share, and what could open one. */
  private static final DescribedPredicate<JavaClass> INSIDE_THE_ENCLAVE =
      resideInAnyPackage("io.sharekeep.enclave.*..", "io.sharekeep.threshold..");

  private static final DescribedPredicate<JavaClass> TOKEN =
      resideInAPackage("io.sharekeep.pkcs11..")
          .and(not(resideInAPackage("io.sharekeep.pkcs11.edge..")))
          .and(not(resideInAPackage("io.sharekeep.pkcs11.probe..")))
          // Values and failures that the edge signer speaks in; none of them reaches a token.
          .and(not(resideInAPackage("io.sharekeep.pkcs11.terms..")));

  @Test
  void everyModuleWasRead() {
    var read =
        PRODUCTION.stream()
            .map(c -> c.getPackageName().substring(ROOT.length()).split("\\.", 2)[0])
            .collect(Collectors.toSet());
    assertEquals(ARROWS.keySet(), read);
  }

  @Test
  void arrowsPointOneWay() {
    ARROWS.forEach((module, targets) -> {
      var others =
          ARROWS.keySet().stream()
              .filter(other -> !other.equals(module) && !targets.contains(other))
              .map(other -> ROOT + other + "..")
              .toArray(String[]::new);
      if (others.length > 0) {
        noClasses()
            .that()
            .resideInAPackage(ROOT + module + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others)
            .check(PRODUCTION);
      }
    });
  }

  @Test
  void theApplianceNamesNothingInsideTheEnclave() {
    applianceAvoids(INSIDE_THE_ENCLAVE).check(PRODUCTION);
  }

  @Test
  void theApplianceNamesNoToken() {
    applianceAvoids(TOKEN).check(PRODUCTION);
  }

  /** The same rules applied to the enclave, which breaks both: they are no empty words. */
  @Test
  void theRulesForTheApplianceFindWhatTheyForbid() {
    for (var forbidden : List.of(INSIDE_THE_ENCLAVE, TOKEN)) {
      EvaluationResult result =
          noClasses()
              .that()
              .resideInAPackage("io.sharekeep.enclave..")
              .should()
              .dependOnClassesThat(forbidden)
              .evaluate(PRODUCTION);
      assertTrue(result.hasViolation());
    }
  }

  @Test
  void whatTheEnclaveExportsIsRecordsInAndRecordsOut() {
    methods()
        .that()
        .areDeclaredIn(Enclave.class)
        .should()
        .haveRawReturnType(not(INSIDE_THE_ENCLAVE).and(not(TOKEN)))
        .check(PRODUCTION);
    noClasses()
        .that()
        .resideInAPackage("io.sharekeep.enclave")
        .and()
        .areRecords()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.sharekeep.threshold..", "io.sharekeep.pkcs11..")
                .or(resideInAPackage("java.lang.foreign")))
        .check(PRODUCTION);
  }

  @Test
  void theProtocolsKnowNoClockSocketFileThreadOrHiddenRandomness() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.sharekeep.threshold.frost..",
            "io.sharekeep.threshold.keygen..",
            "io.sharekeep.threshold.wire..",
            "io.sharekeep.threshold")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.time..",
                    "java.net..",
                    "java.nio.file..",
                    "java.util.concurrent",
                    "java.util.concurrent.locks..")
                .or(
                    belongToAnyOf(
                        Thread.class, System.Logger.class, SecureRandom.class, java.io.File.class)))
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(PRODUCTION);
  }

  @Test
  void theDecodersKnowNoClockSocketFileOrThread() {
    noClasses()
        .that()
        .resideInAPackage("io.sharekeep.intent..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.time..", "java.net..", "java.nio.file..", "java.util.concurrent..")
                .or(belongToAnyOf(Thread.class, System.Logger.class, SecureRandom.class)))
        .check(PRODUCTION);
  }

  @Test
  void theRulesOfAPolicyAreAFunctionOfIntentAndTime() {
    noClasses()
        .that()
        .resideInAPackage("io.sharekeep.enclave.rules..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "io.sharekeep..", "java.net..", "java.nio.file..", "java.util.concurrent..")
                .and(
                    not(
                        resideInAnyPackage(
                            "io.sharekeep.enclave.rules..",
                            "io.sharekeep.enclave.json..",
                            "io.sharekeep.intent..")))
                // Keys in a policy are read as everywhere else.
                .and(not(belongToAnyOf(SignatureKeys.class, SignedRequest.KeyAlgorithm.class)))
                .or(
                    belongToAnyOf(
                        Thread.class,
                        System.Logger.class,
                        SecureRandom.class,
                        java.time.Clock.class,
                        java.time.InstantSource.class)))
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(PRODUCTION);
  }

  /** The half of {@code attestation} that an appliance uses. */
  private static final String[] EVIDENCE =
      attestation("cose", "eat", "evidence", "hsm", "json", "note", "report", "tpm");

  /** The half that an auditor uses, without the program around it. */
  private static final String[] APPRAISAL = attestation("policy", "appraise", "ear");

  private static String[] attestation(String... packages) {
    return java.util.Arrays.stream(packages)
        .map(name -> "io.sharekeep.attestation." + name + "..")
        .toArray(String[]::new);
  }

  @Test
  void evidenceKnowsNoAppraisalAndTheEnclaveKnowsEvidenceAlone() {
    var judging =
        resideInAnyPackage(APPRAISAL).or(resideInAPackage("io.sharekeep.attestation.verify.."));
    for (var from :
        List.of(resideInAnyPackage(EVIDENCE), resideInAPackage("io.sharekeep.enclave.."))) {
      noClasses().that(from).should().dependOnClassesThat(judging).check(PRODUCTION);
    }
  }

  @Test
  void anAppraisalIsAFunctionOfItsArguments() {
    noClasses()
        .that()
        .resideInAnyPackage(APPRAISAL)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.net..",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.util.concurrent..")
                .or(resideInAPackage("io.sharekeep.attestation.verify.."))
                .or(
                    belongToAnyOf(
                        io.sharekeep.attestation.tpm.Tpm.class,
                        io.sharekeep.attestation.tpm.TpmChannel.class,
                        Thread.class,
                        SecureRandom.class,
                        java.io.File.class,
                        java.time.Clock.class,
                        java.time.InstantSource.class)))
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(PRODUCTION);
  }

  @Test
  void onlyTheClientOfTheTpmHasASocket() {
    noClasses()
        .that()
        .resideInAPackage("io.sharekeep.attestation..")
        .and()
        .doNotBelongToAnyOf(io.sharekeep.attestation.tpm.TpmChannel.class)
        .should()
        .dependOnClassesThat(resideInAPackage("java.net..").or(socketChannels()))
        .check(PRODUCTION);
  }

  @Test
  void theEnclaveHasNoNetwork() {
    noClasses()
        .that()
        .resideInAPackage("io.sharekeep.enclave..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.net.http..", "javax.net..", "io.vertx..", "java.nio.channels..")
                .and(not(resideInAPackage("java.nio.channels")).or(socketChannels()))
                .or(
                    belongToAnyOf(
                        java.net.Socket.class,
                        java.net.ServerSocket.class,
                        java.net.DatagramSocket.class)))
        .check(PRODUCTION);
  }

  @Test
  void namesAreTheFieldsOwn() {
    classes()
        .that()
        .areNotAssignableTo(KeyManager.class) // JSSE's own term
        .should()
        .haveNameNotMatching(".*(Manager|Helper|Utils?|Impl)(\\$.*)?$")
        .check(PRODUCTION);
    noMethods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .resideInAPackage("io.sharekeep.enclave")
        .should()
        .haveNameMatching("get[A-Z].*")
        .check(PRODUCTION);
  }

  private static ArchRule applianceAvoids(DescribedPredicate<JavaClass> forbidden) {
    return noClasses()
        .that()
        .resideInAPackage("io.sharekeep.appliance..")
        .should()
        .dependOnClassesThat(forbidden);
  }

  private static DescribedPredicate<JavaClass> socketChannels() {
    return belongToAnyOf(
        java.nio.channels.SocketChannel.class,
        java.nio.channels.ServerSocketChannel.class,
        java.nio.channels.DatagramChannel.class);
  }
}
