package io.sharekeep.enclave.memory;

/** Whose sessions count against one quota: the name or pin of the connection that brought them. */
public record CallerId(String value) {}
