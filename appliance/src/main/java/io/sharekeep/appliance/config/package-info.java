/** Reads the configuration strictly. It starts nothing and holds no secret, only names of files. */
package io.sharekeep.appliance.config;
