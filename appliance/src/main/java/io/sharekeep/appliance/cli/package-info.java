/** The commands. It asks files, the enclave or an appliance, prints, and answers an exit code. */
package io.sharekeep.appliance.cli;
