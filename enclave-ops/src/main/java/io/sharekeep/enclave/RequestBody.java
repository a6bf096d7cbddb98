package io.sharekeep.enclave;

import java.time.Instant;

/** What an initiator signs. */
public sealed interface RequestBody permits SignRequest, KeyRequest, PairRequest, PresignRequest {
  String requestId();

  /** Hash of the committee document, 64 hex digits. */
  String committee();

  KeyId keyId();

  /** Past this instant no party opens a session for it. */
  Instant notAfter();

  /** RFC 8785 canonical JSON, the bytes that {@link #digest} covers behind the domain line. */
  byte[] canonicalJson();

  /** SHA-256 of the domain line and {@link #canonicalJson}. */
  byte[] digest();
}
