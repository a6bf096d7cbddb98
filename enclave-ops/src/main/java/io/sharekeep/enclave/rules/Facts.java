package io.sharekeep.enclave.rules;

import io.sharekeep.intent.Call;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Destination;
import io.sharekeep.intent.Fee;
import io.sharekeep.intent.Grant;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.Transfer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is judged: who asks, for which key, what the transaction does. All of it was found out here,
 * nothing is anybody's word.
 *
 * @param initiator whose signature the request carries
 * @param wallet key id, 32 hex digits
 * @param kinds of the transaction and of its parts
 * @param parts all that leaves, is granted or runs; change excluded
 * @param own canonical names of destinations that are wallets of ours
 * @param quorum the parties that take part
 * @param anomaly 0 to 1; absent: unknown
 */
public record Facts(
    String initiator,
    String committee,
    String wallet,
    String purpose,
    Set<String> kinds,
    ChainId chain,
    List<Part> parts,
    Fee fee,
    Set<String> own,
    Set<String> quorum,
    Optional<BigDecimal> anomaly) {
  /** The kinds that every policy may name. */
  static final Set<String> KINDS =
      Set.of(
          "transfer",
          "grant",
          "evm.call",
          "evm.create",
          "evm.set-code",
          "evm.typed",
          "evm.message",
          "btc.collaborative",
          "sol.call",
          "raw.digest");

  public Facts {
    kinds = Set.copyOf(kinds);
    parts = List.copyOf(parts);
    own = Set.copyOf(own);
    quorum = Set.copyOf(quorum);
  }

  /** One thing that the transaction does. */
  public sealed interface Part {
    /** Who receives, may take, or is called. */
    Destination destination();

    record Payment(Transfer transfer) implements Part {
      @Override
      public Destination destination() {
        return transfer.destination();
      }
    }

    record Power(Grant grant) implements Part {
      @Override
      public Destination destination() {
        return grant.grantee();
      }
    }

    record Invoked(Call call) implements Part {
      @Override
      public Destination destination() {
        return call.target();
      }
    }
  }

  /**
   * Who asks and with whom, beside what the transaction does.
   *
   * @param wallet key id, 32 hex digits
   * @param own addresses of wallets of ours on the transaction's chain
   * @param quorum names of the parties that take part
   */
  public record Asked(
      String initiator,
      String committee,
      String wallet,
      String purpose,
      Set<String> own,
      Set<String> quorum) {
    public Asked {
      own = Set.copyOf(own);
      quorum = Set.copyOf(quorum);
    }
  }

  /** Of a transaction that was decoded. */
  public static Facts of(Intent intent, Asked asked) {
    var parts = new ArrayList<Part>();
    intent.transfers().forEach(transfer -> parts.add(new Part.Payment(transfer)));
    intent.grants().forEach(grant -> parts.add(new Part.Power(grant)));
    intent.calls().forEach(call -> parts.add(new Part.Invoked(call)));
    return new Facts(
        asked.initiator(),
        asked.committee(),
        asked.wallet(),
        asked.purpose(),
        kinds(intent.kind().label(), parts),
        intent.chain(),
        parts,
        intent.fee(),
        asked.own().stream()
            .map(address -> canonical(intent.chain(), address))
            .collect(Collectors.toUnmodifiableSet()),
        asked.quorum(),
        Optional.empty());
  }

  /** The worst kind, and those of the parts: a grant inside a call is still a grant. */
  static Set<String> kinds(String worst, List<Part> parts) {
    var kinds = new HashSet<String>();
    kinds.add(worst);
    for (var part : parts) {
      switch (part) {
        case Part.Payment _ -> kinds.add("transfer");
        case Part.Power _ -> kinds.add("grant");
        case Part.Invoked _ -> {} // which chain's call it is, the worst kind says
      }
    }
    return kinds;
  }

  /**
   * One spelling of an address: EVM addresses are hex whose case is a checksum only, all others as
   * they are.
   */
  static String canonical(ChainId chain, String address) {
    return chain.namespace().equals("eip155")
        ? chain + ":" + address.toLowerCase(java.util.Locale.ROOT)
        : chain + ":" + address;
  }

  static String canonical(Destination destination) {
    return canonical(destination.chain(), destination.address());
  }
}
