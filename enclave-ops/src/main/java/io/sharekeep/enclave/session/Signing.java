package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Addresses;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.ExtendedKey;
import io.sharekeep.intent.Purpose;
import io.sharekeep.intent.SigningInput.Tweak;
import io.sharekeep.intent.Terms;
import io.sharekeep.threshold.frost.FrostSuite;
import io.sharekeep.threshold.frost.SigningKey;
import io.sharekeep.threshold.frost.TaprootTweak;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.keygen.Derivation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** How a key of ours appears on a chain: under which key it signs there, and at which address. */
final class Signing {
  /** Keys that are remembered: a derivation or tweak costs a multiplication or more. */
  private static final int REMEMBERED = 4096;

  private final Function<GroupId, Group> groups;
  private final Remembered<Place, Optional<Derivation>> derivations = new Remembered<>();
  private final Remembered<Tweaked, Optional<LaneKey>> keys = new Remembered<>();
  private final Remembered<OnChain, Account> accounts = new Remembered<>();

  /** Of a key. The scheme says how it derives. */
  private record Place(Element publicKey, Scheme scheme, KeyPath path) {}

  private record Tweaked(Place place, Tweak tweak) {}

  private record OnChain(Place place, ChainId chain) {}

  /** The last that were asked for. Safe for all threads. */
  private static final class Remembered<K, V> {
    private final Map<K, V> values =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED;
          }
        };

    synchronized Optional<V> find(K key) {
      return Optional.ofNullable(values.get(key));
    }

    synchronized void put(K key, V value) {
      values.put(key, value);
    }

    V of(K key, Function<K, V> make) {
      return find(key)
          .orElseGet(() -> {
            var made = make.apply(key);
            put(key, made);
            return made;
          });
    }
  }

  Signing(Function<GroupId, Group> groups) {
    this.groups = groups;
  }

  /** What BIP-32 makes of a key; empty where a step gives none, with a chance of 2^-127. */
  Optional<Derivation> derived(HeldKey key, KeyPath path) {
    return derivations.of(
        place(key, path),
        _ ->
            Derivation.of(
                groups.apply(key.group()),
                key.publicKey(),
                key.generated().chainCode(),
                path.steps()));
  }

  private static Place place(HeldKey key, KeyPath path) {
    return new Place(key.publicKey(), key.scheme(), path);
  }

  /**
   * The key that an input of that kind is signed under.
   *
   * @return empty with a chance of 2^-127: take the next index
   */
  Optional<LaneKey> key(HeldKey key, KeyPath path, Tweak tweak) {
    return keys.of(
        new Tweaked(place(key, path), tweak),
        _ -> derived(key, path).flatMap(derivation -> key(key, derivation, tweak)));
  }

  private Optional<LaneKey> key(HeldKey key, Derivation derivation, Tweak tweak) {
    var group = groups.apply(key.group());
    return switch (key.scheme()) {
      case FROST_ED25519 -> schnorr(FrostSuite.ED25519, group, key, derivation, tweak);
      case FROST_SECP256K1_TR ->
          schnorr(FrostSuite.SECP256K1_TAPROOT, group, key, derivation, tweak);
      case DKLS23_SECP256K1 ->
          io.sharekeep.threshold.ecdsa.SigningKey.derived(
                  group, key.publicKey(), derivation.offset())
              .map(LaneKey.Ecdsa::new);
    };
  }

  private static Optional<LaneKey> schnorr(
      FrostSuite suite, Group group, HeldKey key, Derivation derivation, Tweak tweak) {
    return SigningKey.derived(
            suite,
            group,
            key.publicKey(),
            derivation.offset(),
            switch (tweak) {
              case NONE -> new TaprootTweak.None();
              case BIP86 -> new TaprootTweak.Bip86();
            })
        .map(LaneKey.Schnorr::new);
  }

  /**
   * Our side of a transaction.
   *
   * @param derivation of the key, along the request's path
   */
  Account account(HeldKey key, KeyPath path, Derivation derivation, ChainId chain) {
    return accounts.of(
        new OnChain(place(key, path), chain), _ -> newAccount(key, path, derivation, chain));
  }

  private Account newAccount(HeldKey key, KeyPath path, Derivation derivation, ChainId chain) {
    return switch (key.scheme()) {
      case FROST_ED25519 -> new Account(chain, Bytes.of(derivation.key().encoded()));
      case FROST_SECP256K1_TR ->
          new Account(chain, Bytes.of(outputKey(key, path)), Optional.of(extended(derivation)));
      case DKLS23_SECP256K1 ->
          new Account(
              chain, Bytes.of(derivation.key().encoded()), Optional.of(extended(derivation)));
    };
  }

  private static ExtendedKey extended(Derivation derivation) {
    return new ExtendedKey(
        Bytes.of(derivation.key().encoded()), Bytes.of(derivation.chainCode().toArray()));
  }

  private byte[] outputKey(HeldKey key, KeyPath path) {
    return key(key, path, Tweak.BIP86)
        .orElseThrow(() -> new IllegalStateException("the key has no BIP-86 tweak"))
        .publicKey();
  }

  /** Where a key receives, by purpose. */
  SortedMap<String, String> addresses(HeldKey key, KeyPath path, String network) {
    var addresses = new TreeMap<String, String>();
    for (var label : key.record().metadata().purposes()) {
      Purpose.named(label)
          .filter(purpose -> serves(key.scheme(), purpose))
          .ifPresent(purpose -> addresses.put(label, address(key, path, purpose, network)));
    }
    return addresses;
  }

  private String address(HeldKey key, KeyPath path, Purpose purpose, String network) {
    var publicKey = derived(key, path).orElseThrow().key().encoded();
    return switch (purpose) {
      case SOL_TX -> Addresses.solana(publicKey);
      case BTC_TX ->
          key.scheme() == Scheme.DKLS23_SECP256K1
              ? Addresses.p2wpkh(publicKey, bitcoin(network))
              : Addresses.taproot(outputKey(key, path), bitcoin(network));
      case EVM_TX -> Addresses.evm(publicKey);
    };
  }

  /**
   * Which chain a payload is for. An EVM transaction names its chain itself, and what it signs is
   * good on that one alone; the others' payloads do not, so their committee does.
   *
   * @param network as the committee document names it
   * @return empty if the payload does not read
   */
  static Optional<ChainId> chain(Purpose purpose, byte[] payload, String network) {
    return switch (purpose) {
      case SOL_TX ->
          Optional.of(
              switch (network) {
                case "mainnet" -> ChainId.SOLANA;
                case "testnet" -> ChainId.SOLANA_TESTNET;
                default -> ChainId.SOLANA_DEVNET;
              });
      case BTC_TX -> Optional.of(bitcoin(network));
      case EVM_TX ->
          Decoders.inspect(purpose, payload, Optional.empty(), Terms.NONE)
                  instanceof Decoding.Decoded(var intent)
              ? Optional.of(intent.chain())
              : Optional.empty();
    };
  }

  private static ChainId bitcoin(String network) {
    return switch (network) {
      case "mainnet" -> ChainId.BITCOIN;
      case "testnet" -> ChainId.BITCOIN_TESTNET3;
      default -> ChainId.BITCOIN_REGTEST;
    };
  }

  /** Whether keys of a scheme serve a purpose. */
  static boolean serves(Scheme scheme, Purpose purpose) {
    return switch (scheme) {
      case FROST_ED25519 -> purpose == Purpose.SOL_TX;
      case FROST_SECP256K1_TR -> purpose == Purpose.BTC_TX;
      case DKLS23_SECP256K1 -> purpose == Purpose.BTC_TX || purpose == Purpose.EVM_TX;
    };
  }
}
