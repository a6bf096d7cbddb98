package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.Optional;

/**
 * Power given to others: an allowance, a delegate, an authority. Never counted as a transfer.
 *
 * @param amount the most they may take; empty when nothing bounds it
 */
public record Grant(AssetId asset, Destination grantee, Optional<BigInteger> amount) {}
