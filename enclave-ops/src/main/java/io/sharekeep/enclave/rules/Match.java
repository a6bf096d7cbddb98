package io.sharekeep.enclave.rules;

import io.sharekeep.intent.AssetId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a rule or limit is about: all that it names must hold, any of each that it lists. An empty
 * set or option asks for nothing.
 *
 * @param kinds what the transaction is
 * @param wallets key ids, 32 hex digits
 * @param purposes message families, such as {@code btc.tx}
 * @param initiators names, groups resolved
 * @param chains CAIP-2 names
 * @param total of each asset that is named, over the transaction
 * @param fee the most that can be paid, in units of its asset
 * @param contracts canonical addresses, for calls
 */
public record Match(
    Set<String> kinds,
    Set<String> wallets,
    Set<String> purposes,
    Set<String> initiators,
    Set<String> chains,
    Set<AssetId> assets,
    Optional<Range> amount,
    Optional<Range> total,
    Optional<FeeRange> fee,
    Optional<Receiver> dest,
    Set<String> contracts,
    Optional<Invocation> method,
    Optional<Hours> time,
    Optional<Anomaly> anomaly,
    Set<String> quorum) {
  public Match {
    kinds = Set.copyOf(kinds);
    wallets = Set.copyOf(wallets);
    purposes = Set.copyOf(purposes);
    initiators = Set.copyOf(initiators);
    chains = Set.copyOf(chains);
    assets = Set.copyOf(assets);
    contracts = Set.copyOf(contracts);
    quorum = Set.copyOf(quorum);
  }

  /** Whether it asks anything of single transfers, grants and calls. */
  boolean asksOfParts() {
    return !assets.isEmpty()
        || amount.isPresent()
        || dest.isPresent()
        || !contracts.isEmpty()
        || method.isPresent();
  }

  /** All of it as text, sorted, so that equal matches have equal texts in every process. */
  String text() {
    return String.join(
        " ",
        sorted(kinds),
        sorted(wallets),
        sorted(purposes),
        sorted(initiators),
        sorted(chains),
        sorted(assets),
        amount.toString(),
        total.toString(),
        fee.toString(),
        dest.map(to -> sorted(to.in()) + sorted(to.addresses()) + to.own() + to.listedFor())
            .orElse(""),
        sorted(contracts),
        method
            .map(call ->
                call.name()
                    + call.method()
                    + call.arguments().stream()
                        .map(b -> b.position() + "" + b.least() + b.most() + sorted(b.in()))
                        .toList())
            .orElse(""),
        time.map(hours ->
                hours.outside()
                    + ""
                    + hours.from()
                    + hours.until()
                    + hours.zone()
                    + sorted(hours.days()))
            .orElse(""),
        anomaly.toString(),
        sorted(quorum));
  }

  private static String sorted(Set<?> values) {
    return values.stream().map(Object::toString).sorted().toList().toString();
  }

  /** Both ends count as inside; in units of the asset. */
  public record Range(Optional<BigDecimal> least, Optional<BigDecimal> most) {
    boolean holds(BigDecimal value) {
      return least.map(bound -> value.compareTo(bound) >= 0).orElse(true)
          && most.map(bound -> value.compareTo(bound) <= 0).orElse(true);
    }
  }

  /** Of the fee; its asset must be declared. */
  public record FeeRange(AssetId asset, Range range) {}

  /**
   * Who receives.
   *
   * @param in names of lists
   * @param addresses canonical
   * @param own whether it must be, or must not be, a wallet of ours
   * @param listedFor how long it must have stood in one of the lists
   */
  public record Receiver(
      Set<String> in, Set<String> addresses, Optional<Boolean> own, Optional<Duration> listedFor) {
    public Receiver {
      in = Set.copyOf(in);
      addresses = Set.copyOf(addresses);
    }
  }

  /**
   * A method of a contract whose interface the policy pins.
   *
   * @param arguments bounds, all of which must hold
   */
  public record Invocation(String name, Interface.Method method, List<Bound> arguments) {
    public Invocation {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * @param position of the argument, from 0
   * @param least of a number
   * @param most of a number
   * @param in of an address, canonical, or of 32 bytes in hex
   */
  public record Bound(
      int position, Optional<BigInteger> least, Optional<BigInteger> most, Set<String> in) {
    public Bound {
      in = Set.copyOf(in);
    }
  }

  /**
   * @param outside holds when the time is not among these
   * @param until not itself included
   */
  public record Hours(
      boolean outside, LocalTime from, LocalTime until, ZoneId zone, Set<DayOfWeek> days) {
    public Hours {
      days = Set.copyOf(days);
    }
  }

  /** A score may only deny or ask for more: rules that allow have no place for it. */
  public record Anomaly(BigDecimal least, boolean orUnknown) {}
}
