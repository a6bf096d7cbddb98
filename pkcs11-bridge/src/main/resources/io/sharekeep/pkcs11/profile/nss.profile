# After C_Finalize by others, C_GenerateRandom answers ARGUMENTS_BAD; after C_Logout, C_SignInit
# answers HOST_MEMORY.
# One token a database, so one role a process: core or edge, not both.
name = nss
title = NSS softoken
measured = NSS 3.87 on Debian 12, x86-64
source = https://firefox-source-docs.mozilla.org/security/nss
match.library = *libsoftokn3*.so*
match.manufacturer = Mozilla Foundation
match.model = NSS 3
gcm.params = 48
gcm.ivBits = SET
pin.max = 500
attrs.send = MODIFIABLE
attrs.exempt = LOCAL:0 KEY_GEN_MECHANISM:absent COPYABLE:absent DESTROYABLE:absent ALLOWED_MECHANISMS:absent
lost.extra = 0x02 0x07
reinitOn = 0x03 0x07 0x190
