package io.sharekeep.enclave;

/**
 * A request that waits for people at this party.
 *
 * @param order with what people have approved so far
 * @param json all that an approver needs to read it, canonical: see {@link OfflineRequest}
 */
public record WaitingRequest(Order order, byte[] json) {
  public WaitingRequest {
    json = json.clone();
  }

  @Override
  public byte[] json() {
    return json.clone();
  }
}
