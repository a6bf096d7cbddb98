/** What every protocol here is made of. Nothing in it may know a clock, a thread or a file. */
package io.sharekeep.threshold;
