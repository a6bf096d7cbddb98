/**
 * What an HSM's vendor says of its keys: the formats, and what each can prove. It reaches no HSM
 * and no network; roots are an argument.
 */
package io.sharekeep.attestation.hsm;
