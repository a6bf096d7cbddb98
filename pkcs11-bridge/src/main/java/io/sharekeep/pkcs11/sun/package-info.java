/**
 * The second backend: the JDK's SunPKCS11 provider. It seals, opens, signs and makes random bytes;
 * keys are made and looked at by a child process of the native backend, because the provider has no
 * way to. It loads no C function of its own but the system's random source.
 */
package io.sharekeep.pkcs11.sun;
