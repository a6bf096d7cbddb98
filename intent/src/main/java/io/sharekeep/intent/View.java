package io.sharekeep.intent;

import java.util.Optional;

/**
 * From where a payload is read: with the key that would sign it, or by somebody who only looks.
 *
 * @param chain the key's; empty where an onlooker leaves it to the payload
 * @param account empty for an onlooker
 */
record View(Optional<ChainId> chain, Optional<Account> account, Terms terms) {
  static View of(Account account, Terms terms) {
    return new View(Optional.of(account.chain()), Optional.of(account), terms);
  }
}
