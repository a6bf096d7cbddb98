package io.sharekeep.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.appliance.config.ConfigurationProblem;
import io.sharekeep.appliance.config.YamlDocument;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.OfflinePolicy;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;

/**
 * The way of a policy from its author's file on: YAML, typed rules, canonical JSON, lint. Whoever
 * writes something wrong is told where; nothing else may happen.
 */
final class PolicyTarget implements Target {
  private static final int PARTIES = 3;
  private static final int THRESHOLD = 2;

  @Override
  public void take(byte[] input) {
    YamlDocument document;
    try {
      document =
          YamlDocument.read("policy", UTF_8.newDecoder().decode(ByteBuffer.wrap(input)).toString());
    } catch (CharacterCodingException e) {
      return; // no text, which the command says
    } catch (ConfigurationProblem e) {
      said(String.valueOf(e.getMessage()));
      return;
    }
    switch (OfflinePolicy.parse(document.json().toString().getBytes(UTF_8))) {
      case OfflinePolicy.Parsed.Malformed(var field, var reason) -> {
        said(reason);
        said(document.place(field));
      }
      case OfflinePolicy.Parsed.Valid(var policy) -> accepted(policy);
    }
  }

  private static void said(String what) {
    Finding.unless(!what.isBlank() && !what.equals("null"), "a refusal without a word");
  }

  private static void accepted(OfflinePolicy policy) {
    policy.lint(PARTIES, THRESHOLD).forEach(finding -> said(finding.text()));
    Finding.unless(
        OfflinePolicy.parse(policy.canonical()) instanceof OfflinePolicy.Parsed.Valid(var again)
            && Arrays.equals(again.canonical(), policy.canonical())
            && policy.differences(again).equals(List.of()),
        "what is signed is another policy");
    Finding.unless(
        DocumentFile.parse(policy.canonical())
                instanceof DocumentFile.Parsed.Document(DocumentFile file)
            && file.kind() == DocumentFile.Kind.TYPED_POLICY,
        "what is signed is not taken");
  }
}
