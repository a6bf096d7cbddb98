package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.log.EntryProof;
import io.sharekeep.attestation.log.Proofs;
import io.sharekeep.attestation.log.Tile;
import io.sharekeep.attestation.log.TileFolder;
import io.sharekeep.attestation.log.TilesUnreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep audit prove}. */
@Command(
    name = "prove",
    mixinStandardHelpOptions = true,
    description = {
      "Writes one entry of a copy with the proof that it is in the log (c2sp.org/tlog-proof).",
      "Whoever has the log's key checks it with audit verify and needs nothing else."
    })
final class AuditProve implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Audit audit;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "What audit export left.")
  Path folder = Path.of("");

  @Parameters(index = "1", paramLabel = "INDEX", description = "The entry's place, from 0.")
  long index;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where it goes (default: standard output).")
  @Nullable Path file;

  @Override
  public Integer call() {
    byte[] note = new LogCopy(folder).note();
    var head = LogCopy.said(note, folder.resolve(LogCopy.CHECKPOINT).toString());
    if (index < 0 || index >= head.size()) {
      throw new CliProblem(
          ExitCode.USAGE, "the log has entries 0 to " + (head.size() - 1) + " in this copy");
    }
    var files = new TileFolder(folder, head.size());
    byte[] proof;
    try {
      proof =
          new EntryProof(
                  files.entries(Tile.ofEntry(index, head.size())).get((int) (index % Tile.WIDTH)),
                  index,
                  Proofs.inclusion(index, head.size(), files),
                  note)
              .bytes();
    } catch (TilesUnreadable e) {
      throw new CliProblem(
          ExitCode.USAGE, "this copy is not whole: " + e.getMessage() + "; export it again");
    }
    if (file == null) {
      audit.parent.out().print(new String(proof, UTF_8));
      audit.parent.out().flush();
    } else {
      try {
        Files.write(file, proof);
      } catch (IOException e) {
        throw new CliProblem(ExitCode.USAGE, "cannot write " + file);
      }
    }
    return ExitCode.DONE;
  }
}
