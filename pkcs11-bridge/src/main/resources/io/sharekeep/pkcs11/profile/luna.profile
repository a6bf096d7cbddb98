# In FIPS mode the HSM makes a 16-byte IV and appends it. A lost link hangs for up to five minutes.
name = luna
title = Thales Luna Network HSM 7
measured = no
source = thalesdocs.com Luna CKM_AES_GCM; rust-cryptoki issue 247; Pkcs11Interop issues 126, 214; opencryptoki issue 897
match.library = *libCryptoki2*.so*
match.manufacturer = SafeNet*
gcm.params = auto
gcm.iv = HSM_APPENDED(16)
attrs.send = MODIFIABLE
attrs.exempt = COPYABLE:absent DESTROYABLE:absent ALLOWED_MECHANISMS:absent
finalizeOnLost = yes
reinitOn = 0x03 0x05 0x30 0x32 0x190
