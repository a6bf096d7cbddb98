# CBC only, and no HMAC keys: a data key sealed by RSA-OAEP. Idle TCP connections hang.
name = nethsm
title = Nitrokey NetHSM
measured = no
source = github.com/Nitrokey/nethsm-pkcs11 features.md and issue 156
match.library = *libnethsm_pkcs11*.so*
aead = RSA_OAEP_DEK
attrs.send =
attrs.exempt = MODIFIABLE:absent COPYABLE:absent DESTROYABLE:absent ALLOWED_MECHANISMS:absent KEY_GEN_MECHANISM:absent
