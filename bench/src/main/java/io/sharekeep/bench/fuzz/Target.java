package io.sharekeep.bench.fuzz;

/** What takes any bytes. An exception or an assertion that fails is a finding. */
@FunctionalInterface
interface Target {
  void take(byte[] input);
}
