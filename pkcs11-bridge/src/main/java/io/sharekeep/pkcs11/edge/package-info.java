/** What the network face may do with its token: sign TLS handshakes. It cannot open or seal. */
package io.sharekeep.pkcs11.edge;
