package io.sharekeep.enclave;

import io.sharekeep.intent.Account;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.Destination;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.OptIn;
import io.sharekeep.intent.Purpose;
import io.sharekeep.intent.Terms;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An unsigned transaction read as a signing party reads it, for whoever wants to see it. Needs no
 * appliance, and decides nothing.
 */
public sealed interface TransactionReading {
  /**
   * It is understood in full.
   *
   * @param canonicalJson the intent, RFC 8785
   * @param intentHash hex; what approvers sign
   */
  record Read(String canonicalJson, String intentHash, List<Digest> digests)
      implements TransactionReading {
    public Read {
      digests = List.copyOf(digests);
    }
  }

  /**
   * It is not, or does what is not signed.
   *
   * @param code stable, for programs
   * @param offset of the byte where reading stopped
   * @param detail for people
   */
  record Refused(String code, int offset, String detail) implements TransactionReading {}

  /**
   * What one signature is over.
   *
   * @param curve {@code secp256k1} or {@code ed25519}
   * @param hex exactly what is signed: a digest, or for Ed25519 the message
   * @param input of the transaction, from 0
   */
  record Digest(String curve, String hex, int input) {}

  /** The chains whose transactions can be read. */
  enum Family {
    EVM("eip155"),
    BITCOIN("bip122"),
    SOLANA("solana");

    private final String namespace;

    Family(String namespace) {
      this.namespace = namespace;
    }

    /** The first part of its networks' CAIP-2 names. */
    public String namespace() {
      return namespace;
    }
  }

  /**
   * From where it is read.
   *
   * @param network CAIP-2; empty leaves it to the transaction, or to mainnet where that says none
   * @param key the signer's public key in hex, as the chain knows it; empty for an onlooker
   * @param allowed what is off by default and to be read all the same
   * @param owners addresses that token accounts may belong to
   */
  record Wish(
      Family family,
      Optional<String> network,
      Optional<String> key,
      Set<String> allowed,
      Set<String> owners) {
    public Wish {
      allowed = Set.copyOf(allowed);
      owners = Set.copyOf(owners);
    }
  }

  /**
   * Never throws for a payload, whatever it is.
   *
   * @throws IllegalArgumentException when the wish itself makes no sense, with a sentence that says
   *     what is wrong
   */
  static TransactionReading of(byte[] payload, Wish wish) {
    var chain = wish.network().map(ChainId::new);
    chain
        .filter(named -> !named.namespace().equals(wish.family().namespace()))
        .ifPresent(named -> {
          throw new IllegalArgumentException(
              named + " is not a network of " + wish.family().namespace());
        });
    var purpose =
        switch (wish.family()) {
          case EVM -> Purpose.EVM_TX;
          case BITCOIN -> Purpose.BTC_TX;
          case SOLANA -> Purpose.SOL_TX;
        };
    var network = chain.or(() -> mainnet(wish.family()));
    var terms =
        new Terms(
            wish.allowed().stream()
                .map(label ->
                    OptIn.named(label)
                        .orElseThrow(
                            () -> new IllegalArgumentException("nothing is called " + label)))
                .collect(Collectors.toUnmodifiableSet()),
            wish.owners().stream()
                .map(owner -> new Destination(network.orElse(ChainId.ETHEREUM), owner))
                .collect(Collectors.toUnmodifiableSet()));
    var decoding =
        wish.key().isEmpty()
            ? Decoders.inspect(purpose, payload, chain, terms)
            : Decoders.decode(
                purpose,
                payload,
                new Account(
                    network.orElseThrow(() ->
                        new IllegalArgumentException("a key needs its network, such as eip155:1")),
                    Bytes.ofHex(wish.key().get())),
                terms);
    return switch (decoding) {
      case Decoding.Refused(var code, int offset, String detail) ->
          new Refused(code.label(), offset, detail);
      case Decoding.Decoded(Intent intent) ->
          new Read(
              new String(intent.canonicalJson(), java.nio.charset.StandardCharsets.UTF_8),
              intent.intentHash().hex(),
              intent.inputs().stream()
                  .map(input ->
                      new Digest(input.scheme().curve(), input.bytes().hex(), input.index()))
                  .toList());
    };
  }

  /** EVM transactions name their chain themselves. */
  private static Optional<ChainId> mainnet(Family family) {
    return switch (family) {
      case EVM -> Optional.empty();
      case BITCOIN -> Optional.of(ChainId.BITCOIN);
      case SOLANA -> Optional.of(ChainId.SOLANA);
    };
  }
}
