package io.sharekeep.threshold.wire;

/**
 * Why a receiver ignores an envelope. None of these is held against the sender: the relay can cause
 * each, and the session goes on when the true message comes.
 */
public enum DropReason {
  /** Too long, or not one canonical signed envelope. */
  MALFORMED,
  /** The sender has no part in this session. */
  UNKNOWN_SENDER,
  /** A first message without a certificate. */
  CERTIFICATE_MISSING,
  /** Another certificate than the one this session pinned, or one where none belongs. */
  CERTIFICATE_CHANGED,
  /** It certifies for another party, or under another identity key than the pinned one. */
  CERTIFICATE_FOREIGN,
  CERTIFICATE_FUTURE,
  CERTIFICATE_EXPIRED,
  /** Its life is longer than an hour. */
  CERTIFICATE_LIFE,
  /** Its serial is lower than one seen, or more than 2^32 higher. */
  CERTIFICATE_SERIAL,
  /** The identity key's signature is wrong, or what it certifies is no envelope key. */
  CERTIFICATE_SIGNATURE,
  /** The envelope key's signature is wrong. */
  SIGNATURE,
  /** Another protocol, suite, key, epoch, round, recipient or form than is expected now. */
  UNEXPECTED,
  /** Of another session. */
  FOREIGN_SESSION,
  /** Past its expiry, or its expiry is not the session's deadline. */
  EXPIRED,
  /** The very bytes that were accepted before. */
  REPEATED
}
