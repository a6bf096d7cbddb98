package io.sharekeep.bench;

import io.sharekeep.enclave.entropy.OsRandom;
import io.sharekeep.threshold.frost.FrostSuite;
import io.sharekeep.threshold.frost.SigningKey;
import io.sharekeep.threshold.frost.TaprootTweak;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.util.ArrayList;
import java.util.List;

/** Keys and signatures of both suites by three parties on one thread. */
final class ResidueRounds {
  static final List<Suite> SUITES = List.of(Suite.FROST_ED25519, Suite.FROST_SECP256K1_TR);

  private final Workbench bench;
  private final List<BenchParty> parties;
  private final List<SigningRun> signing = new ArrayList<>();
  private final byte[] message = new byte[32];

  ResidueRounds(TappedScratch memory) {
    this.bench =
        new Workbench(
            Groups.open(new OsRandom()),
            Primitives.open(),
            SignatureVerifier.open(),
            memory,
            memory);
    this.parties = BenchParty.committee(3, bench);
  }

  /**
   * A key of which two of the three sign. Its shares, and the envelope keys, go on living in their
   * slabs.
   *
   * @return what was sent
   */
  List<SignedEnvelope> generate(Suite suite) {
    var run = new KeyGenerationRun(bench, suite, 2, parties);
    var made = run.run();
    signing.add(new SigningRun(bench, made, key(made), parties.subList(0, 2), parties));
    return run.said();
  }

  /**
   * A signature under each key.
   *
   * @return what was sent
   */
  List<SignedEnvelope> sign() {
    message[0]++;
    signing.forEach(run -> run.run(message));
    return signing.stream().flatMap(run -> run.said().stream()).toList();
  }

  private SigningKey key(KeyGenerationRun.Made made) {
    var group = bench.groups().of(made.key().suite().group());
    return made.key().suite() == Suite.FROST_ED25519
        ? SigningKey.stored(FrostSuite.ED25519, group, made.key().publicKey())
        : SigningKey.derived(
                FrostSuite.SECP256K1_TAPROOT,
                group,
                made.key().publicKey(),
                group.publicOps().scalar(0),
                new TaprootTweak.Bip86())
            .orElseThrow();
  }
}
