package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Operations of token contracts that are the same everywhere, by selector. What a contract really
 * does is its own affair: rules name the contracts for which these names are true.
 */
final class TokenCalls {
  private static final BigInteger UNBOUNDED = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

  /** No token's supply comes near; some contracts take this much for "without limit". */
  private static final BigInteger UNLIMITED = BigInteger.TWO.pow(96).subtract(BigInteger.ONE);

  private TokenCalls() {}

  /** What a call means. */
  record Meaning(Kind kind, List<Transfer> transfers, List<Grant> grants, Set<Warning> warnings) {}

  /**
   * Empty if the selector is not one of these.
   *
   * @param contract that is called
   * @param data at least a selector
   * @param offset of the data in the payload
   */
  static Optional<Meaning> read(Destination contract, byte[] data, int offset) {
    var token = AssetId.erc20(contract);
    return switch (Bytes.of(data, 0, AbiArguments.SELECTOR).hex()) {
      case "a9059cbb" -> { // transfer(address,uint256)
        var arguments = new AbiArguments(data, offset, 2);
        yield transfer(Kind.TRANSFER, contract, arguments.address(), arguments.uint(256), Set.of());
      }
      case "23b872dd" -> { // transferFrom(address,address,uint256); ERC-721 too, by token number
        var arguments = new AbiArguments(data, offset, 3);
        arguments.address();
        yield transfer(
            Kind.EVM_CALL,
            contract,
            arguments.address(),
            arguments.uint(256),
            Set.of(Warning.SPENDS_ALLOWANCE));
      }
      case "095ea7b3" -> { // approve(address,uint256); ERC-721 too, by token number
        var arguments = new AbiArguments(data, offset, 2);
        yield grant(Grant.Form.APPROVE, token, contract, arguments.address(), arguments.uint(256));
      }
      case "39509351", "d73dd623" -> { // increaseAllowance, increaseApproval(address,uint256)
        var arguments = new AbiArguments(data, offset, 2);
        yield grant(
            Grant.Form.INCREASE_ALLOWANCE,
            token,
            contract,
            arguments.address(),
            arguments.uint(256));
      }
      case "a22cb465" -> { // setApprovalForAll(address,bool)
        var arguments = new AbiArguments(data, offset, 2);
        yield grant(
            Grant.Form.OPERATOR,
            token,
            contract,
            arguments.address(),
            arguments.bool() ? UNBOUNDED : BigInteger.ZERO);
      }
      case "d505accf" -> { // permit(owner,spender,value,deadline,v,r,s): ERC-2612
        var arguments = new AbiArguments(data, offset, 7);
        arguments.address();
        yield grant(Grant.Form.PERMIT, token, contract, arguments.address(), arguments.uint(256));
      }
      case "8fcbaf0c" -> { // permit(holder,spender,nonce,expiry,allowed,v,r,s): DAI
        var arguments = new AbiArguments(data, offset, 8);
        arguments.address();
        var spender = arguments.address();
        arguments.skip();
        arguments.skip();
        yield grant(
            Grant.Form.PERMIT,
            token,
            contract,
            spender,
            arguments.bool() ? UNBOUNDED : BigInteger.ZERO);
      }
      case "87517c45" -> { // Permit2: approve(token,spender,uint160,uint48 expiration)
        var arguments = new AbiArguments(data, offset, 4);
        var spent = AssetId.erc20(address(contract.chain(), arguments.address()));
        var spender = arguments.address();
        yield Optional.of(
            granted(
                new Grant(
                    Grant.Form.PERMIT2,
                    spent,
                    address(contract.chain(), spender),
                    bounded(arguments.uint(160)),
                    Optional.of(arguments.uint(48)))));
      }
      default -> Optional.empty();
    };
  }

  static Destination address(ChainId chain, Bytes address) {
    return new Destination(chain, EvmAddress.of(address));
  }

  private static Optional<Meaning> transfer(
      Kind kind, Destination contract, Bytes to, BigInteger amount, Set<Warning> also) {
    var warnings = new java.util.TreeSet<>(also);
    var destination = address(contract.chain(), to);
    if (destination.equals(contract)) {
      warnings.add(Warning.PAYS_TOKEN_CONTRACT);
    }
    if (EvmAddress.isZero(to)) {
      warnings.add(Warning.PAYS_ZERO_ADDRESS);
    }
    var transfer = new Transfer(AssetId.erc20(contract), destination, amount);
    return Optional.of(new Meaning(kind, List.of(transfer), List.of(), warnings));
  }

  private static Optional<Meaning> grant(
      Grant.Form form, AssetId asset, Destination contract, Bytes grantee, BigInteger amount) {
    return Optional.of(
        granted(
            new Grant(
                form,
                asset,
                address(contract.chain(), grantee),
                bounded(amount),
                Optional.empty())));
  }

  private static Meaning granted(Grant grant) {
    return new Meaning(Kind.GRANT, List.of(), List.of(grant), warnings(grant));
  }

  /** What people should see of a grant. */
  static Set<Warning> warnings(Grant grant) {
    var warnings = new java.util.TreeSet<Warning>();
    if (grant.amount().filter(amount -> amount.compareTo(UNLIMITED) < 0).isEmpty()) {
      warnings.add(Warning.UNLIMITED_GRANT);
    }
    if (grant.expires().isEmpty() && grant.amount().filter(a -> a.signum() == 0).isEmpty()) {
      warnings.add(Warning.GRANT_WITHOUT_END);
    }
    return warnings;
  }

  /** The largest number is every contract's word for "no bound". */
  static Optional<BigInteger> bounded(BigInteger amount) {
    return Optional.of(amount).filter(some -> !some.equals(UNBOUNDED));
  }
}
