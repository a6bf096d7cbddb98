package io.sharekeep.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever writes a policy wrong is told the file, the line, the field and the reason. */
class PolicyMistakesTest {
  private static final Path TREASURY = Path.of("..", "examples", "policies", "treasury.yaml");

  @TempDir Path folder;

  /** Each line: what stands in the treasury's policy, what is put there, the field, the reason. */
  @ParameterizedTest(name = "{index} {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sharekeep.policy/v1 | sharekeep.policy/v2 | apiVersion | must be sharekeep.policy/v1",
        "tenant: acme | tenant: a b | metadata.tenant | must be",
        "tenant: acme | tenant: [ acme ] | metadata.tenant | must be a string",
        "version: 1 | version: 0 | metadata.version | must be 1 to",
        "version: 1 | version: 1.0 | metadata.version | put it in quotes",
        "version: 1 | version: 2 | metadata.previous | the hash of the version before",
        "version: 1 | version: 1, previous: abc | metadata.previous | 64",
        "version: 1 | version: 1, notBefore: tomorrow | metadata.notBefore | must be a UTC time",
        "version: 1 | version: 1, owner: me | metadata.owner | unknown field",
        "algorithm: webauthn-es256 | algorithm: rsa | people.carol.keys[0].algorithm | must be"
            + " ed25519, p256",
        "algorithm: webauthn-es256 | algorithm: webauthn-eddsa | people.carol.keys[0].key | must be"
            + " the hex SubjectPublicKeyInfo",
        "  svc-payments: { keys | `  svc payments: { keys` | services.svc payments | a name is made"
            + " of",
        "  svc-payments: { keys | `  alice: { keys` | services.alice | both a person and a service",
        "committees: [ \"4d0e | committees: [ \"4d0e00 | committees | must",
        "erin: 1 } }    | erin: 0 } } | groups.treasury.members.erin | a weight from 1 to",
        "carol: 2, | carol: two, | groups.treasury.members.carol | a weight from 1 to",
        "carol: 2, | zoe: 2, | groups.treasury.members.zoe | nobody that people names",
        "carol: 2, | svc-payments: 2, | groups.treasury.members.svc-payments | is a service",
        "risk:      { members | alice:      { members | groups.alice | the name of a person",
        "operator: operators | operator: ops | roles.operator | names ops, who is no person",
        "operator: operators | operator: svc-payments | roles.operator | names the service",
        "operator: operators | operater: operators | roles.operater | unknown field",
        "chains: [ \"eip155:1\" ] | chains: [ ethereum ] | chains | must",
        "chains: [ \"eip155:1\" ] | chains: [ \"eip155:1\", \"eip155:1\" ] | chains | names one"
            + " thing twice",
        "ddeeff\" } | ddeegg\" } | wallets.hot-1 | 32 lower-case hex digits",
        "decimals: 6 | decimals: 78 | assets.usdc.decimals | must be 0 to 77",
        "decimals: 6 | decimals: \"6\" | assets.usdc.decimals | must be an integer",
        "eip155:1/slip44:60 | eip155:5/slip44:60 | assets.eth.id | a chain that chains does not"
            + " name",
        "type: destinations | type: friends | lists.exchanges.type | must be destinations or"
            + " screening",
        "coolOff: \"24h\" | coolOff: \"one day\" | lists.exchanges.coolOff | must be",
        "maxAge: \"72h\" | maxAge: \"72\" | lists.sanctions.maxAge | must be",
        "sum: \"500000\" | sum: \"-1\" | limits[0].sum | must",
        "sum: \"500000\" | sum: \"0.0000001\" | limits[0].sum | more decimals",
        "sum: \"500000\" | sum: \"500000\", count: 3 | limits[0] | must",
        "per: [ wallet, asset ] | per: [ wallet, month ] | limits[0].per | does not know month",
        "window: \"10m\" | window: \"0s\" | limits[2].window | must",
        "id: tx-rate | id: usdc-day | limits[2].id | is that of limits[0] too",
        "effect: deny, match: { kind | effect: refuse, match: { kind | rules[0].effect | must be",
        "raw.digest | raw.bytes | rules[0].match.kind | does not know raw.bytes",
        "in: [ sanctions ] | in: [ enemies ] | rules[1].match.dest.in | enemies",
        "07:00-20:00 | 20:00-07:00 | rules[2].match.time.outside | must",
        "Europe/Zurich | Europe/Zuerich | rules[2].match.time.tz | must",
        "days: [ mon | days: [ monday | rules[2].match.time.days | does not know monday",
        "amount: { lte: \"5000\" } | amount: { lt: \"5000\" } | rules[3].match.amount.gte | or lte"
            + " must be there",
        "amount: { lte: \"5000\" } | amount: { lte: \"5e3\" } | rules[3].match.amount.lte | must",
        "initiator: svc-payments } | initiator: svc-payments, anomaly: { gte: \"0.9\" } } |"
            + " rules[3].match.anomaly | a score",
        "group: treasury, weight: 2 | group: board, weight: 2 | rules[4].approvals.allOf[0].group |"
            + " names a group that is not here",
        "weight: 2, distinct: 2 | weight: 65, distinct: 2 | rules[4].approvals.allOf[0].weight |"
            + " must be 1 to 64",
        "within: \"4h\" | within: 4 | rules[4].approvals.within | must be a string",
        "max: \"30000000000000000\" | max: \"0.03\" | fees.eip155:1.max | more decimals",
        "fees: { \"eip155:1\" | fees: { \"eip155:5\" | fees.eip155:5 | a chain that chains does"
            + " not name",
        "unfreeze:         { by: admins } | unfreeze:         { by: anybody } |"
            + " ceremonies.unfreeze.by | names a quorum that is not here",
        "  keygen:           { by: admins } | `` | ceremonies.keygen | missing field",
        "timelock: \"24h\" } | timelock: \"1 day\" } | ceremonies.reshare.timelock | must be",
        "timelockTightening: \"0s\" | timelockTightening: \"none\" | change.timelockTightening |"
            + " must be"
      })
  void isNamedWithFileLineFieldAndReason(String before, String after, String field, String reason)
      throws IOException {
    var yaml = Files.readString(TREASURY);
    int at = yaml.indexOf(before);
    assertTrue(at >= 0, before);
    var bent = yaml.substring(0, at) + after + yaml.substring(at + before.length());
    assertFalse(bent.equals(yaml));
    var file = folder.resolve("bent.yaml");
    Files.writeString(file, bent);
    var err = new StringWriter();
    int exit =
        Sharekeep.run(
            Map.of("NO_COLOR", "1"),
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            "policy",
            "lint",
            file.toString());
    assertEquals(2, exit, err.toString());
    var said = err.toString();
    // What is missing or belongs to a list of several lines is said where that begins.
    long line = yaml.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    var place = file + " line ";
    assertTrue(said.startsWith(place) || said.contains(" " + place), said);
    int named = Integer.parseInt(said.replaceFirst("(?s).*" + place + "([0-9]+):.*", "$1"));
    assertTrue(
        reason.equals("missing field") ? named < line : named == line,
        "line " + line + ": " + said);
    assertTrue(said.contains(field), said);
    assertTrue(said.contains(reason), said);
  }
}
