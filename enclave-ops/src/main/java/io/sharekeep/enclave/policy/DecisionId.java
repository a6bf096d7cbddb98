package io.sharekeep.enclave.policy;

/** Names one decision of this party: the request it was about. One request has one decision. */
public record DecisionId(String requestId) {}
