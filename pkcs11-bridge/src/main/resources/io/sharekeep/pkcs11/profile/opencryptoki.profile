# The software and CCA tokens before 3.25 have no AES-GCM, and no EC keys.
name = opencryptoki
title = openCryptoki
measured = no
source = https://github.com/opencryptoki/opencryptoki (issue 897), ibm.com openCryptoki CCA token; what the software token 3.8.1 lacks was measured, sealing on it was not
match.library = *libopencryptoki.so*
aead = CBC_HMAC
pin.min = 4
pin.max = 8
attrs.send = MODIFIABLE
attrs.exempt = KEY_GEN_MECHANISM:absent COPYABLE:absent DESTROYABLE:absent ALLOWED_MECHANISMS:absent
