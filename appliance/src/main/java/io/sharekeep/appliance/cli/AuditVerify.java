package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.log.EntryProof;
import io.sharekeep.attestation.log.LogVerification;
import io.sharekeep.attestation.log.Proofs;
import io.sharekeep.attestation.log.TileFolder;
import io.sharekeep.attestation.note.Checkpoint;
import io.sharekeep.attestation.note.LogKey;
import io.sharekeep.attestation.note.MerkleHead;
import io.sharekeep.attestation.note.SignedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep audit verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a copy of a log, or one entry's proof, offline: every entry, tile and signature.",
      "Exit 0 if all of it is what was signed, 3 if not: then the first thing that is wrong is"
          + " said."
    })
final class AuditVerify implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Audit audit;

  @Mixin LogTrust trust = new LogTrust();
  @Mixin Output output = new Output();

  @Parameters(
      paramLabel = "FOLDER|FILE",
      description = "What audit export left, or what audit prove wrote.")
  Path copy = Path.of("");

  @Option(
      names = "--earlier",
      paramLabel = "FILE",
      description = "A checkpoint that was seen before: the log must be that one, grown.")
  List<Path> earlier = new ArrayList<>();

  /** Ends the check with what is wrong. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final String where;
    private final String why;

    Refused(String where, String why) {
      super(where + " " + why);
      this.where = where;
      this.why = why;
    }
  }

  @Override
  public Integer call() {
    var key = trust.key();
    var json = JsonNodeFactory.instance.objectNode();
    try {
      if (Files.isDirectory(copy)) {
        verifyCopy(key, json);
      } else {
        verifyProof(key, json);
      }
      output.print(audit.parent.out(), json);
      return ExitCode.DONE;
    } catch (Refused e) {
      output.print(
          audit.parent.out(),
          JsonNodeFactory.instance
              .objectNode()
              .put("verified", false)
              .put("where", e.where)
              .put("why", e.why));
      return ExitCode.DENIED;
    }
  }

  private void verifyCopy(LogKey key, ObjectNode json) throws Refused {
    var head = signed(key, new LogCopy(copy).note(), "the checkpoint").checkpoint();
    var files = new TileFolder(copy, head.size());
    switch (LogVerification.run(files, head)) {
      case LogVerification.Refused(var where, var why) -> throw new Refused(where, why);
      case LogVerification.Whole whole -> {
        for (var seen : earlier) {
          checkGrown(signed(key, read(seen), seen.toString()).checkpoint(), head, files, seen);
        }
        json.put("verified", true)
            .put("origin", head.origin())
            .put("entries", head.size())
            .put("root", new Octets(head.root()).toString())
            .put("commit", whole.commit())
            .put("state", whole.state());
        var kinds = json.putObject("kinds");
        new TreeMap<>(whole.kinds()).forEach((kind, count) -> kinds.put(kind.label(), count));
      }
    }
  }

  private void verifyProof(LogKey key, ObjectNode json) throws Refused {
    var proof =
        EntryProof.read(read(copy))
            .orElseThrow(() ->
                new CliProblem(
                    ExitCode.USAGE, copy + " is neither a folder nor a proof of an entry"));
    var head = signed(key, proof.note(), "the proof's checkpoint").checkpoint();
    if (!proof
        .path()
        .includes(
            new Octets(MerkleHead.leafHash(proof.entry())),
            proof.index(),
            head.size(),
            new Octets(head.root()))) {
      throw new Refused("entry " + proof.index(), "is not in the log that was signed");
    }
    json.put("verified", true)
        .put("origin", head.origin())
        .put("entries", head.size())
        .put("index", proof.index())
        .set("entry", AuditTail.json(proof.entry()));
  }

  private static SignedCheckpoint signed(LogKey key, byte[] note, String where) throws Refused {
    return key.verify(note)
        .orElseThrow(() -> new Refused(where, "is not signed by the log key of " + key.origin()));
  }

  private static void checkGrown(Checkpoint before, Checkpoint head, TileFolder files, Path seen)
      throws Refused {
    boolean grown =
        before.size() == 0
            || (before.size() <= head.size()
                && Proofs.consistency(before.size(), head.size(), files)
                    .shows(
                        before.size(),
                        new Octets(before.root()),
                        head.size(),
                        new Octets(head.root())));
    if (!grown) {
      throw new Refused(
          seen.toString(),
          "was signed too, over "
              + before.size()
              + " entries that are not the first of this log: its party shows different histories,"
              + " or was set back");
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CliProblem(ExitCode.USAGE, "cannot read " + file);
    }
  }
}
