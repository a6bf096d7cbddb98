/**
 * The append-only log: what the appliance decided, before anything leaves. It knows no share and no
 * payload, and only it can say that an entry is durable.
 */
package io.sharekeep.enclave.audit;
