package io.sharekeep.committee;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/**
 * The command without a process of its own: the same code, and no second that a JVM takes to start.
 * Where it touches tokens they are those that this process's library sees.
 */
final class InThisJvm implements Sharekeep {
  @Override
  public Result run(List<String> arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        io.sharekeep.appliance.cli.Sharekeep.run(
            Map.of("NO_COLOR", "1"),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            arguments.toArray(String[]::new));
    return new Result(exit, out.toString(), err.toString());
  }
}
