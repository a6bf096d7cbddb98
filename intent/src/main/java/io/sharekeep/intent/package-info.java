/**
 * What a transaction does and which bytes its signer signs. It knows no key, socket, clock or
 * policy, and throws for no payload.
 */
package io.sharekeep.intent;
