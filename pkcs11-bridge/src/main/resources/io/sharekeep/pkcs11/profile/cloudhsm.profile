# No read-only sessions; no reconnection by itself; DEVICE_ERROR when it throttles.
name = cloudhsm
title = AWS CloudHSM, SDK 5
measured = no
source = docs.aws.amazon.com CloudHSM known issues for PKCS#11; php-pkcs11 issue 73; mozilla autograph issue 244
match.library = *libcloudhsm_pkcs11.so*
gcm.params = auto
gcm.iv = ZERO_AND_READBACK
gcm.maxChunk = 8192
session.rwOnly = yes
pin.min = 8
pin.format = USER_COLON_PASSWORD
attrs.send = DESTROYABLE
attrs.exempt = COPYABLE:absent ALLOWED_MECHANISMS:absent KEY_GEN_MECHANISM:absent
finalizeOnLost = yes
reinitOn = 0x03 0x32 0x190 0xe0
