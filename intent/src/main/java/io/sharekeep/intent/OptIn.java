package io.sharekeep.intent;

import java.util.Arrays;
import java.util.Optional;

/**
 * What decoders recognise, and refuse unless their caller asks for it: forms that few need and that
 * are easily misread, or that give away more than a transfer.
 */
public enum OptIn {
  /** Type 1, EIP-2930. */
  EVM_ACCESS_LIST("evm.access-list", RefusalCode.ACCESS_LIST_OFF),
  /** Type 3, EIP-4844. */
  EVM_BLOB("evm.blob", RefusalCode.BLOB_OFF),
  /** Type 4 and the authorisation inside it, EIP-7702. */
  EVM_SET_CODE("evm.set-code", RefusalCode.SET_CODE_OFF),
  /** A transaction without a destination. */
  EVM_CREATE("evm.create", RefusalCode.CREATE_OFF);

  private final String label;
  private final RefusalCode refusal;

  OptIn(String label, RefusalCode refusal) {
    this.label = label;
    this.refusal = refusal;
  }

  public String label() {
    return label;
  }

  /** What is answered where it is not asked for. */
  public RefusalCode refusal() {
    return refusal;
  }

  public static Optional<OptIn> named(String label) {
    return Arrays.stream(values()).filter(o -> o.label.equals(label)).findFirst();
  }
}
