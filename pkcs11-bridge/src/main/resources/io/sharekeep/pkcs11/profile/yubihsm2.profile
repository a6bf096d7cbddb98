# No GCM; messages of 3136 bytes; 16 sessions on the device, although it reports no limit;
# 256 objects; idle sessions die.
name = yubihsm2
title = YubiHSM 2
measured = no
source = github.com/Yubico/yubihsm-shell and its issues 379, 541
match.library = *yubihsm_pkcs11*.so*
aead = RSA_OAEP_DEK
gcm.maxChunk = 16384
session.max = 12
pin.min = 12
pin.max = 68
attrs.send =
attrs.exempt = MODIFIABLE:0 COPYABLE:0 DESTROYABLE:1 ALLOWED_MECHANISMS:absent KEY_GEN_MECHANISM:absent
finalizeOnLost = yes
