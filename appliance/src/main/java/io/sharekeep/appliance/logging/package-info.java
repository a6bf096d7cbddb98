/** JSON logs in ECS names to standard output. It never sees payloads, headers or PINs. */
package io.sharekeep.appliance.logging;
