/**
 * Sessions and rounds: a request in, envelopes out, at most once. It may open shares only on the
 * session's own thread, and only with an approval and a durable log entry in hand.
 */
package io.sharekeep.enclave.session;
