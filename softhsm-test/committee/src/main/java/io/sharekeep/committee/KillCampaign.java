package io.sharekeep.committee;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * {@code ./dev campaign kill}: every cell of the {@link KillMatrix} on three processes; the last
 * line is one JSON object. Arguments choose the cells whose name contains one of them.
 */
final class KillCampaign {
  private KillCampaign() {}

  public static void main(String[] arguments) throws Exception {
    var wanted =
        KillMatrix.all().stream()
            .filter(cell ->
                arguments.length == 0
                    || List.of(arguments).stream().anyMatch(part -> name(cell).contains(part)))
            .toList();
    var repository = Path.of("").toAbsolutePath();
    var shape = Shape.equal("kill", 2, 3);
    var folder = Files.createTempDirectory("kill");
    var examples = new ExampleTransactions(repository.resolve("examples"));
    int failed = 0;
    int whole = 0;
    long longest = 0;
    try (var committee =
        Committee.asShortLivedProcesses(
            repository.resolve("bin/sharekeep"), folder.resolve("committee"), List.of(shape))) {
      committee.start();
      var key = committee.generate(shape, "frost-ed25519", "kill");
      try (var matrix = new KillMatrix(committee, shape, key, examples)) {
        for (var cell : wanted) {
          try {
            var ended = matrix.run(cell);
            whole += ended.whole() ? 1 : 0;
            longest = Math.max(longest, ended.millis());
            System.out.printf(
                "%-42s exit %d after %5d ms%s%n",
                name(cell), ended.exit(), ended.millis(), ended.whole() ? ", came to be" : "");
          } catch (AssertionError e) {
            failed++;
            System.out.println(name(cell) + " FAILED: " + e.getMessage());
            break; // What the next cells would start from is unknown.
          }
        }
      }
    } finally {
      if (failed == 0) {
        try (var files = Files.walk(folder)) {
          for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      } else {
        System.out.println("state and logs stay in " + folder);
      }
    }
    System.out.printf(
        "{\"campaign\":\"kill\",\"cells\":%d,\"failed\":%d,\"came_to_be\":%d,\"longest_ms\":%d}%n",
        wanted.size(), failed, whole, longest);
    System.exit(failed == 0 ? 0 : 1);
  }

  private static String name(KillMatrix.Cell cell) {
    return cell.work() + "-" + cell.round() + "-" + cell.moment() + "-" + cell.victim();
  }
}
