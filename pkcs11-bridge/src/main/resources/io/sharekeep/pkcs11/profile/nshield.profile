# Objects are loaded at C_Initialize; ulDeviceError means nothing.
name = nshield
title = Entrust nShield
measured = no
source = nshielddocs.entrust.com PKCS#11; CKNFAST_OVERRIDE_SECURITY_ASSURANCES
match.library = *libcknfast*.so*
gcm.params = auto
attrs.send = MODIFIABLE
attrs.exempt = COPYABLE:absent DESTROYABLE:absent ALLOWED_MECHANISMS:absent
finalizeOnLost = yes
reinitOn = 0x03 0x32 0x190 0xe0
