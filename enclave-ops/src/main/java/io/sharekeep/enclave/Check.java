package io.sharekeep.enclave;

/**
 * One thing that readiness depends on.
 *
 * @param name stable: {@code hsm}, {@code keys}, {@code identity}, {@code store}, {@code log}, …
 * @param detail what was found and, if it failed, what to do
 */
public record Check(String name, boolean passed, String detail) {}
