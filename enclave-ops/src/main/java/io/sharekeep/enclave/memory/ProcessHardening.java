package io.sharekeep.enclave.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What no slab protects: registers, stacks and spills can leave the process by a core dump, a
 * debugger or a heap dump. This closes those ways and says which stand open.
 */
public final class ProcessHardening {
  /** Flag → the value that keeps secrets in. They are set by the launcher. */
  private static final Map<String, String> FLAGS =
      Map.of(
          "UseOnStackReplacement", "false",
          "DisableAttachMechanism", "true",
          "EnableDynamicAgentLoading", "false",
          "UsePerfData", "false",
          "HeapDumpOnOutOfMemoryError", "false",
          "CreateCoredumpOnCrash", "false",
          "ExitOnOutOfMemoryError", "true");

  private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

  private ProcessHardening() {}

  /**
   * @param name stable: the flag, variable or limit
   * @param detail what was found and what to do
   */
  public record Finding(String name, boolean passed, String detail) {}

  /**
   * Makes the process undumpable and forbids core files, for good. Then also {@code /proc/self/mem}
   * is closed to it, unless it is root.
   *
   * @return what was done and every flag of {@link #inspect}
   */
  public static List<Finding> apply() {
    boolean undumpable = !Linux.setDumpable(false).failed() && Linux.dumpable().value() == 0;
    boolean noCore = !Linux.forbid(Linux.RLIMIT_CORE).failed();
    var findings = new ArrayList<Finding>();
    findings.add(
        new Finding(
            "dumpable",
            undumpable,
            undumpable
                ? "PR_SET_DUMPABLE is 0"
                : "prctl(PR_SET_DUMPABLE, 0) failed: allow prctl in the service's filter"));
    findings.add(
        new Finding(
            "core-limit",
            noCore && Linux.softLimit(Linux.RLIMIT_CORE) == 0,
            noCore ? "RLIMIT_CORE is 0" : "setrlimit(RLIMIT_CORE, 0) failed: set LimitCORE=0"));
    findings.addAll(inspect());
    return List.copyOf(findings);
  }

  /** The flags of this virtual machine and its environment. */
  public static List<Finding> inspect() {
    var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    var findings = new ArrayList<Finding>();
    FLAGS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(flag -> {
          String value = machine.getVMOption(flag.getKey()).getValue();
          boolean passed = value.equals(flag.getValue());
          String wanted = "-XX:" + (flag.getValue().equals("true") ? "+" : "-") + flag.getKey();
          findings.add(
              new Finding(
                  flag.getKey(),
                  passed,
                  passed ? "as required" : "is " + value + ": start the JVM with " + wanted));
        });
    for (var name : VARIABLES) {
      boolean passed = System.getenv(name) == null;
      findings.add(
          new Finding(name, passed, passed ? "not set" : "is set: it adds JVM flags; unset it"));
    }
    return List.copyOf(findings);
  }
}
