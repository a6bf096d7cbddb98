/**
 * SoftHSM and NSS tokens for tests and demonstrations. It knows nothing of the code that uses them.
 */
package io.sharekeep.softhsm;
