package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.store.Keks.KekRow;
import io.sharekeep.enclave.store.Keks.State;
import io.sharekeep.enclave.vault.KekHome.Role;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyEvidence.Finding;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException.KeyWeak;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token is the one that the state folder knows, or it is said what is wrong. */
@SoftTokens
class KekProofTest {
  private static final String ID = "00112233445566778899aabbccddeeff";

  private SoftHsmTokens tokens;
  private Token token;

  @BeforeEach
  void open(SoftHsmTokens given) {
    tokens = given.provision("proof");
    token = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()));
    token.login(new PinFile(tokens.corePinFile()));
  }

  @AfterEach
  void close() {
    token.close();
  }

  private KekRow made() {
    return KekProof.make(token, Role.CORE, 1, Instant.EPOCH);
  }

  private List<String> objections(KekRow row) {
    return KekProof.objections(token, Role.CORE, List.of(row), Map.of(row.id(), 1L));
  }

  @Test
  void theTokenThatMadeItIsTheOne() {
    assertEquals(List.of(), objections(made()));
  }

  /** As if somebody had made a key of that name and id in the place of the one that is gone. */
  @Test
  void aKeyThatDoesNotOpenWhatTheOldOneSealedIsNotTheOne() {
    var row = made();
    var other = KekProof.make(token, Role.CORE, 2, Instant.EPOCH);
    var wrong = new KekRow(row.id(), row.token(), 1, State.CURRENT, other.canary(), Instant.EPOCH);
    var objections = objections(wrong);
    assertEquals(1, objections.size(), objections.toString());
    assertTrue(objections.getFirst().contains("does not open what it sealed"));
  }

  /** It is there and opens its canary, but it may have left the token. */
  @Test
  void aKeyThatIsNotAsItMustBeIsNotOneToUse() {
    var row = made();
    assertEquals(
        List.of("the core token's key kek: [EXTRACTABLE is 1, must be 0]"),
        KekProof.objections(weak(token), Role.CORE, List.of(row), Map.of()));
  }

  @Test
  void aKeyOfAnotherIdAndNoKeyAtAllAreToldApart() {
    var row = made();
    var other =
        new KekRow(ID, row.token(), row.generation(), row.state(), row.canary(), row.made());
    assertEquals(
        List.of("the core token's key kek is not the one that init made"), objections(other));
    token.destroy(new KeyRef(KeySpec.KEK.name(), row.id()));
    assertEquals(List.of("the core token has no key kek"), objections(row));
  }

  @Test
  void aKekThatTheTokenMakesWeakIsRefusedWithTheAttribute() {
    var refusal =
        assertThrows(KeyWeak.class, () -> KekProof.make(weak(token), Role.CORE, 1, Instant.EPOCH));
    assertTrue(String.valueOf(refusal.getMessage()).contains("EXTRACTABLE"), refusal.toString());
  }

  /** Says of every key that it can leave the token. */
  private static Token weak(Token token) {
    return (Token)
        Proxy.newProxyInstance(
            Token.class.getClassLoader(),
            new Class<?>[] {Token.class},
            (_, method, arguments) -> {
              try {
                var answer = method.invoke(token, arguments);
                return answer instanceof KeyEvidence evidence ? weakened(evidence) : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static KeyEvidence weakened(KeyEvidence evidence) {
    return new KeyEvidence(
        evidence.key(),
        evidence.findings().stream()
            .map(finding ->
                finding.attribute().equals("EXTRACTABLE")
                    ? new Finding("EXTRACTABLE", "1")
                    : finding)
            .toList(),
        evidence.exemptions());
  }
}
