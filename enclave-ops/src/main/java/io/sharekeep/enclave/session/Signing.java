package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Scheme;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Addresses;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Purpose;
import io.sharekeep.intent.SigningInput.Tweak;
import io.sharekeep.threshold.frost.FrostSuite;
import io.sharekeep.threshold.frost.SigningKey;
import io.sharekeep.threshold.frost.TaprootTweak;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** How a key of ours appears on a chain: under which key it signs there, and at which address. */
final class Signing {
  private final Function<GroupId, Group> groups;

  /** Two a key at most, and there are few keys; a tweak costs a multiplication otherwise. */
  private final Map<Derivation, SigningKey> derived = new ConcurrentHashMap<>();

  private record Derivation(Element publicKey, Scheme scheme, Tweak tweak) {}

  Signing(Function<GroupId, Group> groups) {
    this.groups = groups;
  }

  /** The key that an input of that kind is signed under. */
  SigningKey key(HeldKey key, Tweak tweak) {
    return derived.computeIfAbsent(
        new Derivation(key.publicKey(), key.scheme(), tweak), _ -> derive(key, tweak));
  }

  private SigningKey derive(HeldKey key, Tweak tweak) {
    var group = groups.apply(key.group());
    var suite =
        switch (key.scheme()) {
          case FROST_ED25519 -> FrostSuite.ED25519;
          case FROST_SECP256K1_TR -> FrostSuite.SECP256K1_TAPROOT;
        };
    return switch (tweak) {
      case NONE -> SigningKey.stored(suite, group, key.publicKey());
      case BIP86 ->
          SigningKey.derived(
                  suite,
                  group,
                  key.publicKey(),
                  group.publicOps().scalar(0),
                  new TaprootTweak.Bip86())
              .orElseThrow(() -> new IllegalStateException("the key has no BIP-86 tweak"));
    };
  }

  /** Our side of a transaction of that purpose. */
  Account account(HeldKey key, Purpose purpose, String network) {
    byte[] bytes =
        switch (purpose) {
          case SOL_TX -> key.publicKey().encoded();
          case BTC_TX -> key(key, Tweak.BIP86).xOnly();
          case EVM_TX -> throw new IllegalStateException("no key has the purpose");
        };
    return new Account(chain(purpose, network), Bytes.of(bytes));
  }

  /** Where the key receives. */
  String address(HeldKey key, String network) {
    return switch (key.scheme()) {
      case FROST_ED25519 -> Addresses.solana(key.publicKey().encoded());
      case FROST_SECP256K1_TR ->
          Addresses.taproot(key(key, Tweak.BIP86).xOnly(), chain(Purpose.BTC_TX, network));
    };
  }

  /**
   * Which chain a purpose is about.
   *
   * @param network as the committee document names it
   */
  private static ChainId chain(Purpose purpose, String network) {
    return switch (purpose) {
      case SOL_TX ->
          switch (network) {
            case "mainnet" -> ChainId.SOLANA;
            case "testnet" -> ChainId.SOLANA_TESTNET;
            default -> ChainId.SOLANA_DEVNET;
          };
      case BTC_TX ->
          switch (network) {
            case "mainnet" -> ChainId.BITCOIN;
            case "testnet" -> ChainId.BITCOIN_TESTNET3;
            default -> ChainId.BITCOIN_REGTEST;
          };
      case EVM_TX -> throw new IllegalStateException("no key has the purpose");
    };
  }

  /** The scheme whose keys serve a purpose; empty where none on offer does. */
  static Optional<Scheme> scheme(Purpose purpose) {
    return switch (purpose) {
      case SOL_TX -> Optional.of(Scheme.FROST_ED25519);
      case BTC_TX -> Optional.of(Scheme.FROST_SECP256K1_TR);
      case EVM_TX -> Optional.empty();
    };
  }
}
