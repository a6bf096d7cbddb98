/**
 * Prime-order groups. Operations on secret scalars and on public ones are different methods of
 * different types; what is secret may be touched only through {@link
 * io.sharekeep.threshold.group.SecretOps}.
 */
package io.sharekeep.threshold.group;
