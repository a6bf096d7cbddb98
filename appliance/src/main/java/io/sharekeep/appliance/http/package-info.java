/** The listeners and their routes. It parses, asks the enclave and shows; it decides nothing. */
package io.sharekeep.appliance.http;
