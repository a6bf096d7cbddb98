package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.CHAIN_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.VALUE_WITH_CALL;
import static io.sharekeep.intent.RefusalCode.WRONG_CHAIN;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Purpose {@code evm.tx}: legacy transactions with a chain id (EIP-155) and those of EIP-1559; of
 * other types what the caller asks for. What is signed is the keccak256 of the payload as we would
 * write it.
 */
final class EvmDecoder {
  private static final BigInteger ONE_COIN = BigInteger.TEN.pow(18);
  private static final String NAMESPACE = "eip155";

  private EvmDecoder() {}

  static Intent decode(byte[] payload, View view) {
    if (payload.length > 0 && payload[0] == EvmAuthorisation.MAGIC) {
      return EvmAuthorisation.parse(payload, view.terms()).intent(view);
    }
    var transaction = EvmTransaction.parse(payload, view.terms());
    var chain = chain(transaction.chainId(), view);
    var parts = new Parts();
    var destination = transaction.destination().map(address -> TokenCalls.address(chain, address));
    if (destination.isPresent()) {
      run(transaction, destination.get(), parts);
    } else {
      view.terms()
          .require(OptIn.EVM_CREATE, transaction.destinationOffset(), "creating a contract");
      parts.worst(Kind.EVM_CREATE);
      if (transaction.value().signum() > 0) {
        // Its address follows from ours and the nonce; no rule can have listed it.
        parts.transfers.add(
            new Transfer(
                AssetId.ether(chain), new Destination(chain, "created"), transaction.value()));
      }
    }
    for (var delegation : transaction.delegates()) {
      delegate(delegation.chainId(), delegation.delegate(), chain, delegation.offset(), parts);
    }
    var fee = new Fee(AssetId.ether(chain), transaction.maxFee());
    parts.fee(fee);
    view.account()
        .map(account -> TokenCalls.address(chain, EvmAddress.ofKey(account.key())))
        .filter(self ->
            parts.kind == Kind.TRANSFER
                && parts.transfers.stream().allMatch(t -> t.destination().equals(self)))
        .ifPresent(_ -> parts.warnings.add(Warning.PAYS_ONLY_SELF));
    return parts.intent(
        chain, fee, new Validity.AccountNonce(transaction.nonce()), transaction.encode());
  }

  private static void run(EvmTransaction transaction, Destination target, Parts parts) {
    var chain = target.chain();
    var value = transaction.value();
    var data = transaction.data().bytes().toArray();
    int at = transaction.data().content();
    var meaning =
        data.length < AbiArguments.SELECTOR
            ? Optional.<TokenCalls.Meaning>empty()
            : TokenCalls.read(target, data, at);
    if (meaning.isPresent() && value.signum() > 0) {
      throw new Refusal(VALUE_WITH_CALL, at, "a token's operation that is sent native coin too");
    }
    if (value.signum() > 0 || data.length == 0) {
      parts.transfers.add(new Transfer(AssetId.ether(chain), target, value));
      if (EvmAddress.isZero(transaction.destination().orElseThrow())) {
        parts.warnings.add(Warning.PAYS_ZERO_ADDRESS);
      }
    }
    meaning.ifPresent(known -> {
      parts.worst(known.kind());
      parts.transfers.addAll(known.transfers());
      parts.grants.addAll(known.grants());
      parts.warnings.addAll(known.warnings());
    });
    if (data.length > 0 && (meaning.isEmpty() || meaning.get().kind() == Kind.EVM_CALL)) {
      parts.worst(Kind.EVM_CALL);
      int selector = Math.min(AbiArguments.SELECTOR, data.length);
      parts.calls.add(
          new Call(
              target, Bytes.of(data, 0, selector), Bytes.of(data, selector, data.length), value));
    }
  }

  /** EIP-7702: the delegate's code runs with the account's whole power, until replaced. */
  static void delegate(BigInteger chainId, Bytes delegate, ChainId chain, int offset, Parts parts) {
    if (chainId.signum() == 0) {
      parts.warnings.add(Warning.EVERY_CHAIN);
    } else if (!chain.equals(name(chainId))) {
      throw new Refusal(WRONG_CHAIN, offset, "an authorisation for another chain");
    }
    var grant =
        new Grant(
            Grant.Form.DELEGATION,
            AssetId.ether(chain),
            TokenCalls.address(chain, delegate),
            Optional.empty(),
            Optional.empty());
    parts.worst(Kind.EVM_SET_CODE);
    parts.grants.add(grant);
    parts.warnings.addAll(TokenCalls.warnings(grant));
  }

  /** The chain that the payload names, which must be the key's. */
  static ChainId chain(BigInteger chainId, View view) {
    var named = name(chainId);
    if (view.chain().filter(expected -> !expected.namespace().equals(NAMESPACE)).isPresent()) {
      throw new Refusal(CHAIN_UNKNOWN, 0, "the key's chain is not an EVM chain");
    }
    if (view.chain().filter(expected -> !expected.equals(named)).isPresent()) {
      throw new Refusal(WRONG_CHAIN, 0, "the payload is for " + named);
    }
    return named;
  }

  private static ChainId name(BigInteger chainId) {
    return new ChainId(NAMESPACE + ":" + chainId);
  }

  /** The signed form, with the parity that gives our key back. */
  static SignedTransaction assemble(
      byte[] payload, Account account, Terms terms, List<byte[]> signatures) {
    var signature = EcdsaSignature.of(signatures.getFirst());
    var digest = Keccak.hash256(payload);
    int parity = signature.parity(digest, account.key());
    byte[] signed =
        payload[0] == EvmAuthorisation.MAGIC
            ? EvmAuthorisation.parse(payload, terms).signed(parity, signature.r(), signature.s())
            : EvmTransaction.parse(payload, terms).signed(parity, signature.r(), signature.s());
    return new SignedTransaction(Bytes.of(signed), "0x" + Bytes.of(Keccak.hash256(signed)).hex());
  }

  /** What a decoder gathers before it is an intent. */
  static final class Parts {
    Kind kind = Kind.TRANSFER;
    final List<Transfer> transfers = new ArrayList<>();
    final List<Grant> grants = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();
    final TreeSet<Warning> warnings = new TreeSet<>();

    void worst(Kind other) {
      kind = kind.compareTo(other) < 0 ? other : kind;
    }

    /** Where nothing is paid in it, a whole coin is much. */
    void fee(Fee fee) {
      if (Warning.isHigh(fee, transfers) || fee.most().compareTo(ONE_COIN) >= 0) {
        warnings.add(Warning.FEE_HIGH);
      }
    }

    /**
     * @param preimage whose keccak256 is signed
     */
    Intent intent(ChainId chain, Fee fee, Validity validity, byte[] preimage) {
      return new Intent(
          chain,
          kind,
          transfers,
          grants,
          calls,
          fee,
          validity,
          List.of(
              new SigningInput(
                  0,
                  SigningInput.Scheme.ECDSA,
                  "m",
                  SigningInput.Tweak.NONE,
                  Bytes.of(Keccak.hash256(preimage)))),
          List.copyOf(warnings));
    }
  }
}
