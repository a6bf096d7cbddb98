# For a token that no profile knows: nothing is exempt, and what it can do is tried first.
name = unknown
title = unknown token
measured = no
source = nobody has described this token to us
aead = PROBE
gcm.params = auto
finalizeOnLost = no
