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
