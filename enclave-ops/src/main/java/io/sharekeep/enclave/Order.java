package io.sharekeep.enclave;

/** Something that an initiator or administrator has signed and wants done. */
public sealed interface Order {
  /**
   * A request for a signature.
   *
   * @param payload the whole unsigned transaction; its SHA-256 stands in the request
   */
  record Sign(SignedRequest<SignRequest> request, byte[] payload) implements Order {
    public Sign {
      payload = payload.clone();
    }
  }

  /** A request for a new key. */
  record GenerateKey(SignedRequest<KeyRequest> request) implements Order {}

  /** Unique per order; the handle of at-most-once. */
  default String requestId() {
    return switch (this) {
      case Sign sign -> sign.request().body().requestId();
      case GenerateKey generate -> generate.request().body().requestId();
    };
  }
}
