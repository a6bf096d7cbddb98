/**
 * The typed policy: what it may say, how a transaction is held against it, and what changes from
 * one version to the next. Pure: it may know intents and JSON, and no clock, file, store, session,
 * token or thread.
 */
package io.sharekeep.enclave.rules;
