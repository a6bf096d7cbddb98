package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.threshold.wire.SessionContext;

/** A key request that has been read and held against the committee document. */
record KeyOrder(KeyRequest request, Books.Entry committee, SessionContext context) {}
