package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.TransactionReading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep intent}. */
@Command(
    name = "intent",
    mixinStandardHelpOptions = true,
    description = "What an unsigned transaction does, as a party reads it before it signs.",
    subcommands = Intents.Decode.class)
final class Intents implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Override
  public void run() {
    throw new CliProblem(ExitCode.USAGE, "say what to do: intent decode");
  }

  /** {@code sharekeep intent decode}. */
  @Command(
      name = "decode",
      mixinStandardHelpOptions = true,
      description = {
        "Prints one JSON object: the intent, its hash, and what its signers would sign.",
        "What no party would sign is printed as {\"refused\": CODE, \"detail\": …}, with exit 3. "
            + "Needs no appliance and no HSM."
      })
  static final class Decode implements Callable<Integer> {
    /** Twice the largest payload in hex, and some lines' ends; a larger file is no transaction. */
    private static final int MAX_FILE = 512 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Intents intents;

    @Option(
        names = "--chain",
        required = true,
        paramLabel = "evm|bitcoin|solana",
        description = "The family of chains that it is for.")
    TransactionReading.Family chain = TransactionReading.Family.EVM;

    @Option(
        names = "--network",
        paramLabel = "CAIP-2",
        description =
            "The network, such as eip155:1; without it the transaction's own, or mainnet where it "
                + "names none.")
    @Nullable String network;

    @Option(
        names = "--key",
        paramLabel = "HEX",
        description =
            "The signer's public key as the chain knows it: what is not its own is refused, and "
                + "what it pays itself is change. Without it the signer is whoever can sign.")
    @Nullable String key;

    @Option(
        names = "--allow",
        paramLabel = "WHAT",
        description =
            "Reads what is off by default: evm.access-list, evm.blob, evm.set-code or evm.create; "
                + "may be repeated.")
    Set<String> allowed = new HashSet<>();

    @Option(
        names = "--owner",
        paramLabel = "ADDRESS",
        description =
            "Solana: somebody whose token account it may pay; may be repeated. The account must "
                + "derive from the address.")
    Set<String> owners = new HashSet<>();

    @Parameters(
        paramLabel = "FILE",
        description =
            "The unsigned transaction in hex, in base64 (a PSBT) or as it is; - reads from the "
                + "standard input.")
    String file = "-";

    @Override
    public Integer call() {
      var out = intents.parent.out();
      var bytes = bytes();
      TransactionReading reading;
      try {
        reading =
            TransactionReading.of(
                bytes,
                new TransactionReading.Wish(
                    chain,
                    Optional.ofNullable(network),
                    Optional.ofNullable(key),
                    allowed,
                    owners));
      } catch (IllegalArgumentException e) {
        throw new CliProblem(
            ExitCode.USAGE, "--network, --key, --allow or --owner: " + e.getMessage());
      }
      out.println(
          switch (reading) {
            case TransactionReading.Read read -> json(read).toPrettyString();
            case TransactionReading.Refused refused -> json(refused).toPrettyString();
          });
      out.flush();
      return reading instanceof TransactionReading.Read ? ExitCode.DONE : ExitCode.DENIED;
    }

    /** The canonical intent, and outside of what its hash covers the hash and the digests. */
    private static ObjectNode json(TransactionReading.Read read) {
      try {
        var json = (ObjectNode) JSON.readTree(read.canonicalJson());
        json.put("intentHash", read.intentHash());
        var digests = json.putArray("digests");
        for (var digest : read.digests()) {
          digests
              .addObject()
              .put("curve", digest.curve())
              .put("hex", digest.hex())
              .put("input", digest.input());
        }
        return json;
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("an intent is JSON", e);
      }
    }

    private static ObjectNode json(TransactionReading.Refused refused) {
      return JSON.createObjectNode()
          .put("refused", refused.code())
          .put("detail", refused.detail())
          .put("offset", refused.offset());
    }

    private byte[] bytes() {
      var read = read();
      // What is too large to be read whole is too large for a decoder, which says so.
      return read.length > MAX_FILE ? read : Payload.of(text(read), Payload.Form.AUTO).bytes();
    }

    /** People write 0x before hex. */
    private static byte[] text(byte[] read) {
      var text = new String(read, US_ASCII).strip();
      return text.startsWith("0x") || text.startsWith("0X")
          ? text.substring(2).getBytes(US_ASCII)
          : read;
    }

    private byte[] read() {
      try (var in = open()) {
        return in.readNBytes(MAX_FILE + 1);
      } catch (NoSuchFileException _) {
        throw new CliProblem(ExitCode.USAGE, "there is no file " + file);
      } catch (IOException e) {
        throw new CliProblem(
            ExitCode.USAGE, file + " cannot be read (" + e.getClass().getSimpleName() + ")");
      }
    }

    private InputStream open() throws IOException {
      return file.equals("-") ? intents.parent.in() : Files.newInputStream(Path.of(file));
    }
  }
}
