# From PTK 7.1 on: the HSM writes the IV over zero bytes. At most 32768 bytes of AAD.
name = protectserver
title = Thales ProtectServer
measured = no
source = thalesdocs.com ProtectToolkit ckm_aes_gcm, ckm_aes_gcm_old
match.library = *libcthsm.so*
gcm.params = auto
gcm.iv = ZERO_AND_READBACK
attrs.send = MODIFIABLE
attrs.exempt = COPYABLE:absent DESTROYABLE:absent ALLOWED_MECHANISMS:absent
finalizeOnLost = yes
