package io.sharekeep.enclave.rules;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/**
 * The most that a transaction of one chain may pay to its miners or validators.
 *
 * @param most in the base unit of the chain's coin
 * @param share of what leaves in the same coin, 0 to 1
 */
public record FeeCeiling(BigInteger most, Optional<BigDecimal> share) {}
