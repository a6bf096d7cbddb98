package io.sharekeep.appliance.peer;

import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;

/** This appliance's own party, in process. */
record LocalParty(Enclave enclave) implements Party {
  @Override
  public Answer<Boolean> operational() {
    return new Answer.Received<>(enclave.status().state() == State.OPERATIONAL);
  }

  @Override
  public Answer<String> policy() {
    return new Answer.Received<>(enclave.documents().policyHash());
  }

  @Override
  public Answer<StepReply> step(byte[] locator, StepRequest request, String traceparent) {
    return new Answer.Received<>(enclave.step(locator, request));
  }

  @Override
  public void shown(byte[] note) {
    enclave.shown(note);
  }

  @Override
  public Answer<Said> tell(Said said) {
    return enclave
        .hear(said.order(), said.statement())
        .<Answer<Said>>map(Answer.Refused::new)
        .orElseGet(() -> new Answer.Received<>(said));
  }

  @Override
  public Answer<KeyStatements> exchange(KeyStatements ours) {
    return new Answer.Received<>(enclave.exchange(ours));
  }
}
