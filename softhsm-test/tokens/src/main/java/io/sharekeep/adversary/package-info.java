/** What a cheating party or a relay does to messages, for the tests of every module. */
@NullMarked
package io.sharekeep.adversary;

import org.jspecify.annotations.NullMarked;
