/** The native backend: PKCS#11 through java.lang.foreign. It may not be seen outside the module. */
package io.sharekeep.pkcs11.cryptoki;
