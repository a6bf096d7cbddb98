package io.sharekeep.appliance.peer;

import io.sharekeep.enclave.Order;

/**
 * What a person has signed about a request, on its way from the party where it waits to another.
 *
 * @param order without approvals
 * @param statement as JSON
 */
public record Said(Order order, byte[] statement) {
  public Said {
    statement = statement.clone();
  }
}
