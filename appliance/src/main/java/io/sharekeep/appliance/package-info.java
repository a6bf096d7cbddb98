/** Starts an appliance and is the one place where its services are put together. */
package io.sharekeep.appliance;
