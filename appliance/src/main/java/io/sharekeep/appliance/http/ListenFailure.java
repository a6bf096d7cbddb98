package io.sharekeep.appliance.http;

import java.io.Serial;

/** A listener could not be opened; the message says which, why and what to do. */
public final class ListenFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ListenFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
