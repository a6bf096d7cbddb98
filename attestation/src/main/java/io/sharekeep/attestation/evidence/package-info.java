/**
 * Evidence: what an appliance may state of itself. It states facts and never a verdict, and it
 * collects nothing by itself.
 */
package io.sharekeep.attestation.evidence;
