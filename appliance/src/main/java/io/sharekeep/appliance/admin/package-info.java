/** The socket for commands on this host. It shows the status and can change nothing. */
package io.sharekeep.appliance.admin;
