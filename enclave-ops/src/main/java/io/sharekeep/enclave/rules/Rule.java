package io.sharekeep.enclave.rules;

import java.util.Optional;

/** One rule. Any deny that matches decides; the first allow that matches does where none denies. */
public sealed interface Rule {
  String id();

  Match match();

  record Deny(String id, Match match) implements Rule {}

  /**
   * @param approvals what it waits for; absent: nothing
   */
  record Allow(String id, Match match, Optional<Requirement> approvals) implements Rule {}

  /** Whatever allows, this is waited for besides. */
  record Require(String id, Match match, Requirement approvals) implements Rule {}

  default String effect() {
    return switch (this) {
      case Deny _ -> "deny";
      case Allow _ -> "allow";
      case Require _ -> "require";
    };
  }
}
