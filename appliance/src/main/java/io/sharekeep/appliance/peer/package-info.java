/** Carries rounds between parties as an untrusted relay. It may delay or drop; it reads nothing. */
package io.sharekeep.appliance.peer;
