/**
 * Judges what one party says about others, from its signed report alone. Nothing in it is secret,
 * and nothing may rest on the word of whoever brings the report.
 */
package io.sharekeep.threshold.blame;
