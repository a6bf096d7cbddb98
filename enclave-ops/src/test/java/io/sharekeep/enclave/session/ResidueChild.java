package io.sharekeep.enclave.session;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.softhsm.ProcessMemory;
import io.sharekeep.softhsm.SoftHsm;
import io.sharekeep.threshold.primitive.Primitives;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Two parties' cores in one process that make a key and sign, and then wait to be looked at. What
 * their secret memory held on the way is written to files past the heap, so that the one who looks
 * knows what to look for: nothing of it may be anywhere else.
 */
final class ResidueChild {
  private static final int SIGNATURES = 12;

  /** What the control leaves. */
  private static final List<byte[]> LEFT = new ArrayList<>();

  private ResidueChild() {}

  /** Backend as configured and a folder; goes on at each line of its input. */
  public static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[1]);
    try (var home = SoftHsm.ofThisProcess();
        var parties = parties(home, arguments[0], folder)) {
      var key = generated(parties, folder);
      for (int i = 0; i < SIGNATURES; i++) {
        var order = parties.order(key);
        signed(Relay.run(parties.all(), parties.propose(1, order), order));
      }
      signed(session(parties, parties.order(key), folder.resolve("sign")));
      for (int party : parties.all().keySet()) {
        share((Core) parties.enclave(party), key, folder.resolve("share-" + party));
      }
      // An appliance opens shares on its signing threads only, and they do so after every step.
      Primitives.open().wipeStack();
      secretMemory(folder.resolve("after"));
      for (int party : parties.all().keySet()) {
        tell(parties.enclave(party));
      }
      show("wiped", folder);
      for (var name : List.of("sign-1", "share-1", "share-2", "pin")) {
        LEFT.add(Files.readAllBytes(folder.resolve(name)));
      }
      show("left", folder);
    }
  }

  private static void signed(Outcome outcome) {
    if (!(outcome instanceof Outcome.Signed)) {
      throw new AssertionError(outcome);
    }
  }

  /** What it says of itself after all that. */
  private static void tell(Enclave enclave) {
    boolean ready = enclave.readiness().stream().allMatch(Check::passed);
    boolean declared = enclave.status().limits().contains("pin-on-heap");
    System.out.println(
        enclave.status().tokenBackend()
            + (ready ? ", ready" : ", not ready: " + enclave.readiness())
            + (declared ? ", pin-on-heap" : ""));
  }

  private static void show(String what, Path folder) throws IOException {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(folder.resolve(what + ".hprof").toString(), false);
    System.out.println(what);
    if (System.in.read() < 0) {
      throw new IllegalStateException("nobody looks any more at " + LEFT.size() + " copies");
    }
  }

  private static Parties parties(SoftHsm home, String backend, Path folder) throws IOException {
    var tokens = home.provision("residue");
    var copy = Files.copy(tokens.library(), folder.resolve("libsofthsm2.so"));
    UnaryOperator<EnclaveConfiguration> first =
        usual ->
            new EnclaveConfiguration(
                usual.stateDirectory(),
                TokenPlace.at(copy, usual.core().label(), usual.core().pinFile()).through(backend),
                usual.fallback(),
                usual.secretMemory(),
                usual.signingThreads(),
                usual.sessionLimit());
    Files.copy(tokens.corePinFile(), folder.resolve("pin"));
    return Parties.start(
        folder,
        tokens,
        2,
        Map.of("both", new Shape(2, List.of(List.of(1), List.of(2)))),
        Map.of(1, first));
  }

  private static KeyDescription generated(Parties parties, Path folder) {
    var order = parties.key("both", Scheme.FROST_ED25519);
    return switch (session(parties, order, folder.resolve("keygen"))) {
      case Outcome.KeyGenerated(var _, KeyDescription key) -> key;
      case Outcome other -> throw new AssertionError(other);
    };
  }

  /** Runs one to its end and writes what lies in secret memory between its rounds. */
  private static Outcome session(Parties parties, Order order, Path file) {
    var ready = parties.propose(1, order);
    var replies = Relay.open(parties.all(), ready, order);
    int round = 1;
    while (replies.values().stream().allMatch(StepReply.Sent.class::isInstance)) {
      secretMemory(file.resolveSibling(file.getFileName() + "-" + round));
      replies = Relay.round(parties.all(), ready, ++round, replies);
    }
    return switch (replies.values().iterator().next()) {
      case StepReply.Finished(Outcome outcome) -> outcome;
      case StepReply other -> throw new AssertionError(other);
    };
  }

  /** Every page that is locked and kept out of core files, page after page. */
  @SuppressWarnings("restricted") // reads mappings of this process
  private static void secretMemory(Path file) {
    try (var channel = created(file)) {
      for (var mapping : ProcessMemory.writable("self")) {
        if (!mapping.dumped()) {
          write(channel, MemorySegment.ofAddress(mapping.from()).reinterpret(mapping.length()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens it once more, on a slab of this thread's, and writes it down. */
  private static void share(Core core, KeyDescription key, Path file) throws Exception {
    var desk = core.desk();
    var held = desk.keys().find(key.id()).orElseThrow();
    try (var pool = SlabPool.open(SecretMode.MLOCK, new PoolSizes(1, 0, 0, 0));
        var lease = pool.share();
        var open = desk.vault().open(held.record(), lease, desk.group(held));
        var channel = created(file)) {
      for (var share : open.shares().values()) {
        share.lend(bytes -> {
          write(channel, bytes);
          return true;
        });
      }
    }
  }

  private static FileChannel created(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void write(FileChannel channel, MemorySegment bytes) {
    try {
      var buffer = bytes.asByteBuffer();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
