package io.sharekeep.enclave;

import java.util.List;

/** Something that an initiator or administrator has signed and wants done. */
public sealed interface Order {
  /**
   * A request for a signature.
   *
   * @param payload the whole unsigned transaction; its SHA-256 stands in the request
   * @param approvals what people have signed about it, as JSON; believed by nobody unverified
   */
  record Sign(SignedRequest<SignRequest> request, byte[] payload, List<byte[]> approvals)
      implements Order {
    public Sign {
      payload = payload.clone();
      approvals = List.copyOf(approvals);
    }

    /** One that nobody was asked about. */
    public Sign(SignedRequest<SignRequest> request, byte[] payload) {
      this(request, payload, List.of());
    }
  }

  /**
   * A request for a new key.
   *
   * @param approvals as of a signature
   */
  record GenerateKey(SignedRequest<KeyRequest> request, List<byte[]> approvals) implements Order {
    public GenerateKey {
      approvals = List.copyOf(approvals);
    }

    /** One that nobody was asked about. */
    public GenerateKey(SignedRequest<KeyRequest> request) {
      this(request, List.of());
    }
  }

  /**
   * A request that two parties make anew what they share of an ECDSA key.
   *
   * @param second the very same request, signed by another operator
   */
  record RekeyPair(SignedRequest<PairRequest> request, SignedRequest<PairRequest> second)
      implements Order {}

  /** That one presignature is made; by an appliance itself, for its own requests later. */
  record Presign(PresignRequest request) implements Order {}

  /** What is asked for. */
  default RequestBody body() {
    return switch (this) {
      case Sign sign -> sign.request().body();
      case GenerateKey generate -> generate.request().body();
      case RekeyPair rekey -> rekey.request().body();
      case Presign presign -> presign.request();
    };
  }

  /** What people have signed about it besides. */
  default List<byte[]> approvals() {
    return List.of();
  }

  /** The same with these approvals, if it takes any. */
  default Order approvedBy(List<byte[]> people) {
    return switch (this) {
      case Sign sign -> new Sign(sign.request(), sign.payload(), people);
      case GenerateKey generate -> new GenerateKey(generate.request(), people);
      case RekeyPair _, Presign _ -> this;
    };
  }

  /** Unique per order; the handle of at-most-once. */
  default String requestId() {
    return body().requestId();
  }
}
