name = softhsm
title = SoftHSM 2
measured = SoftHSM 2.6.1 on Debian 12, x86-64
source = https://github.com/softhsm/SoftHSMv2 (issues 642, 688, 726)
match.library = *libsofthsm2*.so*
match.manufacturer = SoftHSM project
match.model = SoftHSM v2
gcm.params = 48
