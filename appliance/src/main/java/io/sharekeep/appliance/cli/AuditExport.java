package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.log.Proofs;
import io.sharekeep.attestation.log.Tile;
import io.sharekeep.attestation.log.TileFolder;
import io.sharekeep.attestation.log.TilesUnreadable;
import io.sharekeep.attestation.note.Checkpoint;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep audit export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Copies an appliance's audit log into a folder, as c2sp.org/tlog-tiles lays it out.",
      "Run again, it fetches what is new. What it fetches is believed by audit verify alone."
    })
final class AuditExport implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Audit audit;

  @Mixin Connection connection = new Connection();
  @Mixin Output output = new Output();

  @Parameters(paramLabel = "FOLDER", description = "Made if it is not there.")
  Path folder = Path.of("");

  @Override
  public Integer call() {
    var copy = new LogCopy(folder);
    try (var client = connection.open()) {
      byte[] note = client.bytes("/v1/audit/" + LogCopy.CHECKPOINT);
      var head = LogCopy.said(note, "what the appliance sent");
      long fetched = 0;
      for (var tile : Tile.of(head.size())) {
        if (copy.has(tile)) {
          continue;
        }
        copy.write(tile.path(), client.bytes("/v1/audit/" + tile.path()));
        if (tile.level() == 0) {
          copy.write(tile.entriesPath(), client.bytes("/v1/audit/" + tile.entriesPath()));
        }
        fetched++;
      }
      if (copy.exists()) {
        checkGrown(copy, head);
      }
      // Last: what the checkpoint covers is there.
      copy.write(LogCopy.CHECKPOINT, note);
      output.print(
          audit.parent.out(),
          JsonNodeFactory.instance
              .objectNode()
              .put("origin", head.origin())
              .put("entries", head.size())
              .put("tilesFetched", fetched)
              .put("folder", folder.toString()));
    }
    return ExitCode.DONE;
  }

  /** A log that was rewritten since the last export must not replace the proof of it. */
  private void checkGrown(LogCopy copy, Checkpoint head) {
    var before = LogCopy.said(copy.note(), folder.resolve(LogCopy.CHECKPOINT).toString());
    if (!before.origin().equals(head.origin())) {
      throw new CliProblem(
          ExitCode.USAGE, folder + " holds the log " + before.origin() + ", not this one");
    }
    if (!grown(before, head)) {
      throw new CliProblem(
          ExitCode.DENIED,
          "the log that the appliance shows is not the one in "
              + folder
              + ", grown: it was "
              + before.size()
              + " entries then and is "
              + head.size()
              + " now. Keep the folder, it is evidence; export into another");
    }
  }

  private boolean grown(Checkpoint before, Checkpoint head) {
    try {
      return before.size() == 0
          || (before.size() <= head.size()
              && Proofs.consistency(before.size(), head.size(), new TileFolder(folder, head.size()))
                  .shows(
                      before.size(),
                      new Octets(before.root()),
                      head.size(),
                      new Octets(head.root())));
    } catch (TilesUnreadable e) {
      return false;
    }
  }
}
