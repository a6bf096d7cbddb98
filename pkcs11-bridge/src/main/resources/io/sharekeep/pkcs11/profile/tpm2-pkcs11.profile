# AES keys are made with tpm2_ptool only, and there is no GCM; P-384 fails on many TPMs.
name = tpm2-pkcs11
title = TPM 2.0 by tpm2-pkcs11
measured = no
source = https://github.com/tpm2-software/tpm2-pkcs11; what 1.9.0 on swtpm 0.7.1 lacks was measured, sealing on it was not
match.library = *libtpm2_pkcs11.so*
aead = RSA_OAEP_DEK
pin.max = 128
session.max = 1022
attrs.send = MODIFIABLE
attrs.exempt = COPYABLE:absent DESTROYABLE:absent ALLOWED_MECHANISMS:absent
call.timeout = 30
