package io.sharekeep.appliance.peer;

import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;

/** A party of the committee as a relay sees it: this one in process, the others over TLS. */
interface Party {
  /** Whether it could take part in a session now. */
  Answer<Boolean> operational();

  /** Hex hash of its policy in force, as it says; a wrong one only makes approvals void there. */
  Answer<String> policy();

  Answer<StepReply> step(byte[] locator, StepRequest request, String traceparent);

  /** Shows it what others remember of its log; whether it heard changes nothing here. */
  void shown(byte[] note);

  /** Tells it that a person takes an approval back or rejects. */
  Answer<Said> tell(Said said);

  Answer<KeyStatements> exchange(KeyStatements ours);
}
