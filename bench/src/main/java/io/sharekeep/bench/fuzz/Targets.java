package io.sharekeep.bench.fuzz;

import io.sharekeep.appliance.peer.StepCodec;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.ExtendedKey;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.OptIn;
import io.sharekeep.intent.Purpose;
import io.sharekeep.intent.SigningInput;
import io.sharekeep.intent.Terms;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.SignedStatement;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.DkgComplaints;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.FrostNonces;
import io.sharekeep.threshold.wire.FrostShares;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The decoders and steps by name. A decoder answers with a value, and what it accepts it writes.
 */
final class Targets {
  private static final int MAX_STEP = 1 << 20;

  /** Whose the examples are, so that they decode to the end. */
  private static final String BITCOIN_KEY =
      "5a2c2cf5b52cf31f83ad2e8da63ff03183ecd8f609c7510ae8a48e03910a0757";

  private static final String SOLANA_KEY =
      "1398f62c6d1a457c51ba6a4b5f3dbd2f69fca93216218dc8997e416bd17d93ca";

  private static final String WITNESS_KEY =
      "025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee6357";

  /** BIP-328's. */
  private static final String CHAIN_CODE =
      "868087ca02a6f974c4598924c36b57762d32cb45717167e300622c7167e38965";

  /** Of the secret 0x46…46, which signs the example of EIP-155. */
  private static final String EVM_KEY =
      "024bc2a31265153f07e70e0bab08724e6b85e217f8cd628ceb62974247bb493382";

  private final SortedMap<String, Supplier<Target>> byName = new TreeMap<>();

  Targets() {
    byName.put("cbor-wire", () -> cbor(CborProfile.WIRE));
    byName.put("cbor-evidence", () -> cbor(CborProfile.EVIDENCE));
    byName.put("envelope", () -> wire(SignedEnvelope::decode, SignedEnvelope::encoded));
    byName.put(
        "certificate", () -> wire(EnvelopeCertificate::decode, EnvelopeCertificate::encoded));
    byName.put("context", () -> wire(SessionContext::decode, SessionContext::encoded));
    byName.put("statement", () -> wire(SignedStatement::decode, SignedStatement::encoded));
    byName.put("identity-key", () -> Targets::identityKey);
    byName.put("dkg-commitment", () -> payload(DkgCommitment::decode, DkgCommitment::encoded));
    byName.put("dkg-complaints", () -> payload(DkgComplaints::decode, DkgComplaints::encoded));
    for (var id : GroupId.values()) {
      var suffix = id == GroupId.SECP256K1 ? "-secp256k1" : "-ed25519";
      Supplier<Groups> groups = () -> Groups.open(new Seeded(1));
      byName.put(
          "dkg-opening" + suffix,
          () -> {
            var ops = groups.get().of(id).publicOps();
            return payload(octets -> DkgOpening.decode(id, ops, octets), DkgOpening::encoded);
          });
      byName.put(
          "frost-nonces" + suffix,
          () -> {
            var ops = groups.get().of(id).publicOps();
            return payload(octets -> FrostNonces.decode(id, ops, octets), FrostNonces::encoded);
          });
      byName.put(
          "frost-shares" + suffix,
          () -> {
            var ops = groups.get().of(id).publicOps();
            return payload(octets -> FrostShares.decode(ops, octets), FrostShares::encoded);
          });
      byName.put("element" + suffix, () -> element(groups.get(), id));
      byName.put("keygen-step" + suffix, () -> new KeyGenerationSteps(id));
      byName.put("frost-step" + suffix, () -> new FrostSteps(id));
    }
    byName.put("ecdsa-step", EcdsaSteps::new);
    byName.put("pair-step", PairSteps::new);
    byName.put("blame", BlameTarget::new);
    byName.put("request", () -> Targets::request);
    byName.put("document", () -> Targets::document);
    byName.put("policy", PolicyTarget::new);
    byName.put("bitcoin", () -> intent(Purpose.BTC_TX, ChainId.BITCOIN_TESTNET3, BITCOIN_KEY));
    byName.put("bitcoin-witness", () -> intent(Purpose.BTC_TX, ChainId.BITCOIN, WITNESS_KEY));
    byName.put("evm", () -> intent(Purpose.EVM_TX, ChainId.ETHEREUM, EVM_KEY));
    byName.put("solana", () -> intent(Purpose.SOL_TX, ChainId.SOLANA, SOLANA_KEY));
    byName.put("peer-step", Targets::peerStep);
  }

  /** Ascending. */
  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /**
   * @throws IllegalArgumentException when there is none of this name
   */
  Target open(String name) {
    return Optional.ofNullable(byName.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no such target: " + name))
        .get();
  }

  private static Target cbor(CborProfile profile) {
    return input -> {
      if (CborDecoder.decode(profile, input, CborLimits.REPORT)
          instanceof Decoded.Item(Cbor item)) {
        Finding.unless(
            Arrays.equals(CborEncoder.encode(profile, item), input), "another encoding was read");
      }
    };
  }

  private static <T> Target wire(Function<byte[], Parsed<T>> decode, Function<T, byte[]> encode) {
    return input ->
        decode
            .apply(input)
            .valid()
            .ifPresent(value ->
                Finding.unless(
                    Arrays.equals(encode.apply(value), input), "another encoding was read"));
  }

  private static <T> Target payload(
      Function<Octets, Parsed<T>> decode, Function<T, Octets> encode) {
    var target =
        wire(bytes -> decode.apply(Octets.of(bytes)), (T value) -> encode.apply(value).toArray());
    return input -> {
      if (input.length > 0) {
        target.take(input);
      }
    };
  }

  private static void identityKey(byte[] input) {
    IdentityKey.parse(input)
        .valid()
        .ifPresent(key -> {
          Finding.unless(key.digest().equals(IdentityKey.digestOf(input)), "another key was read");
          Finding.unless(!key.verifies(input, new byte[64]), "zero is no signature");
        });
  }

  /** Both backends must agree about every encoding. */
  private static Target element(Groups groups, GroupId id) {
    var natively = groups.of(id).publicOps();
    var inJava = Groups.java().of(id).publicOps();
    return input -> {
      var element = natively.decode(input);
      Finding.unless(element.equals(inJava.decode(input)), "the backends disagree of a point");
      Finding.unless(
          natively.decodeScalar(input).equals(inJava.decodeScalar(input)),
          "the backends disagree of a scalar");
      element.ifPresent(
          point -> Finding.unless(Arrays.equals(point.encoded(), input), "another point was read"));
    };
  }

  private static void request(byte[] input) {
    var again =
        switch (SignedRequests.parse(input)) {
          case SignedRequests.Parsed.Sign(var request) -> {
            SignedRequests.verifies(request);
            yield SignedRequests.toJson(request);
          }
          case SignedRequests.Parsed.GenerateKey(var request) -> {
            SignedRequests.verifies(request);
            yield SignedRequests.toJson(request);
          }
          case SignedRequests.Parsed.RekeyPair(var request) -> {
            SignedRequests.verifies(request);
            yield SignedRequests.toJson(request);
          }
          case SignedRequests.Parsed.Malformed _ -> new byte[0];
        };
    Finding.unless(
        again.length == 0
            || !(SignedRequests.parse(again) instanceof SignedRequests.Parsed.Malformed),
        "what was read and written is not read again");
  }

  private static void document(byte[] input) {
    if (DocumentFile.parse(input) instanceof DocumentFile.Parsed.Document(DocumentFile file)) {
      var problems = file.problems();
      Finding.unless(
          DocumentFile.parse(file.toJson())
                  instanceof DocumentFile.Parsed.Document(DocumentFile again)
              && again.hash().equals(file.hash())
              && again.problems().equals(problems),
          "what was read and written is another document");
    }
  }

  /**
   * What decodes takes signatures, one for each input that the intent names, unless they need the
   * key that no fuzzer has; and an onlooker is told of the same bytes to sign.
   */
  private static Target intent(Purpose purpose, ChainId chain, String key) {
    var account = new Account(chain, Bytes.ofHex(key), chainCode(chain, key));
    var terms = new Terms(EnumSet.allOf(OptIn.class), Set.of());
    return input -> {
      if (!(Decoders.decode(purpose, input, account, terms)
          instanceof Decoding.Decoded(var intent))) {
        return;
      }
      Finding.unless(intent.intentHash().length() == 32, "an intent without a hash");
      if (intent.inputs().stream().noneMatch(i -> i.scheme() == SigningInput.Scheme.ECDSA)) {
        Decoders.assemble(
            purpose, input, account, Collections.nCopies(intent.inputs().size(), new byte[64]));
      }
      Finding.unless(
          Decoders.inspect(purpose, input, Optional.of(chain), terms)
                  instanceof Decoding.Decoded(var seen)
              && bytes(seen).equals(bytes(intent)),
          "an onlooker is told of other bytes to sign");
    };
  }

  private static Optional<ExtendedKey> chainCode(ChainId chain, String key) {
    return chain.namespace().equals("bip122") && key.length() == 66
        ? Optional.of(new ExtendedKey(Bytes.ofHex(key), Bytes.ofHex(CHAIN_CODE)))
        : Optional.empty();
  }

  private static List<Bytes> bytes(Intent intent) {
    return intent.inputs().stream().map(SigningInput::bytes).toList();
  }

  private static Target peerStep() {
    var codec = new StepCodec(MAX_STEP);
    return input -> {
      codec.request(input).valid().ifPresent(codec::encode);
      codec.reply(input).valid().ifPresent(codec::encode);
      codec.statements(input).valid().ifPresent(codec::encode);
      codec.note(input).valid().ifPresent(codec::encode);
      codec.said(input).valid().ifPresent(codec::encode);
    };
  }
}
