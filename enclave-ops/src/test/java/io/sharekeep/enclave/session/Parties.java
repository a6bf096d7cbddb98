package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.Enclaves;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.ProvisionedIdentity;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.Signer;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.enclave.policy.TestDocuments;
import io.sharekeep.leftovers.Holder;
import io.sharekeep.leftovers.Holders;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Appliances' cores in one process, each with a SoftHSM token and a state folder of its own. */
final class Parties implements Holder, AutoCloseable {
  static final Signer SERVICE = Signer.ed25519();

  /** The name of a committee whose document is there but which no policy accepts. */
  static final String UNLISTED = "unlisted";

  static final Signer ADMIN = Signer.p256();

  private final Path home;
  private final SplittableRandom random = new SplittableRandom(20261122);
  private final List<SoftHsmTokens> tokens = new ArrayList<>();
  private final List<Signer> owners = new ArrayList<>();
  private final List<ProvisionedIdentity> identities = new ArrayList<>();
  private final Map<String, String> committees = new TreeMap<>();
  private final Map<String, DocumentFile> documents = new TreeMap<>();
  private volatile Duration ahead = Duration.ZERO;
  private volatile Duration unattended = Duration.ZERO;
  private final Map<Integer, Enclave> running = new TreeMap<>();

  /** Party → where its tokens are, if not where its SoftHSM pair is. */
  private final Map<Integer, UnaryOperator<EnclaveConfiguration>> elsewhere;

  private Parties(Path home, Map<Integer, UnaryOperator<EnclaveConfiguration>> elsewhere) {
    this.home = home;
    this.elsewhere = Map.copyOf(elsewhere);
    Holders.add(this);
  }

  /**
   * Provisions and starts.
   *
   * @param shapes name → committee: its threshold and the points of parties 1, 2, …
   */
  static Parties start(Path home, SoftHsmTokens first, int n, Map<String, Shape> shapes) {
    return start(home, first, n, shapes, Map.of());
  }

  /**
   * The same.
   *
   * @param elsewhere party → what is different about its configuration
   */
  static Parties start(
      Path home,
      SoftHsmTokens first,
      int n,
      Map<String, Shape> shapes,
      Map<Integer, UnaryOperator<EnclaveConfiguration>> elsewhere) {
    return start(
        home,
        first,
        n,
        shapes,
        elsewhere,
        (party, committees) -> TestDocuments.policy(party, SERVICE, ADMIN, committees));
  }

  /**
   * The same.
   *
   * @param policies party's name and the hashes of its committees → its policy
   */
  static Parties start(
      Path home,
      SoftHsmTokens first,
      int n,
      Map<String, Shape> shapes,
      Map<Integer, UnaryOperator<EnclaveConfiguration>> elsewhere,
      BiFunction<String, List<String>, String> policies) {
    var parties = new Parties(home, elsewhere);
    for (int i = 0; i < n; i++) {
      parties.tokens.add(i == 0 ? first : first.provision("party" + i));
      parties.owners.add(Signer.ed25519());
      parties.identities.add(
          Enclaves.provision(parties.configuration(i + 1), parties.owners.get(i).spki()));
    }
    var documents = new TreeMap<String, DocumentFile>();
    shapes.forEach((name, shape) -> documents.put(name, parties.document(shape)));
    documents.forEach((name, file) -> parties.committees.put(name, file.hash()));
    parties.documents.putAll(documents);
    for (int i = 1; i <= n; i++) {
      int party = i;
      var own =
          documents.entrySet().stream()
              .filter(entry ->
                  Optional.ofNullable(shapes.get(entry.getKey())).orElseThrow().points().size()
                      >= party)
              .map(Map.Entry::getValue)
              .toList();
      var policy =
          TestDocuments.file(
              policies.apply(
                  "p" + i,
                  own.stream()
                      .map(DocumentFile::hash)
                      .filter(hash -> !hash.equals(parties.committees.get(UNLISTED)))
                      .toList()));
      Enclaves.accept(parties.configuration(i), own, parties.owners.get(i - 1).sign(policy));
      parties.start(i);
    }
    return parties;
  }

  record Shape(int threshold, List<List<Integer>> points) {}

  private DocumentFile document(Shape shape) {
    var members = new ArrayList<String>();
    for (int i = 0; i < shape.points().size(); i++) {
      members.add(
          TestDocuments.party(
              i + 1,
              HexFormat.of().formatHex(identities.get(i).identity()),
              HexFormat.of().formatHex(identities.get(i).log()),
              owners.get(i).hex(),
              shape.points().get(i)));
    }
    var file = TestDocuments.file(TestDocuments.committee(shape.threshold(), members));
    for (int i = 0; i < shape.points().size(); i++) {
      file = owners.get(i).sign(file);
    }
    return file;
  }

  EnclaveConfiguration configuration(int party) {
    var own = tokens.get(party - 1);
    var usual =
        new EnclaveConfiguration(
            home.resolve("state" + party),
            TokenPlace.at(own.library(), own.coreLabel(), own.corePinFile()),
            Optional.empty(),
            EnclaveConfiguration.SecretMemory.ALLOW_MLOCK,
            1,
            Duration.ofMinutes(2));
    return Optional.ofNullable(elsewhere.get(party))
        .map(change -> change.apply(usual))
        .orElse(usual);
  }

  void start(int party) {
    running.put(party, open(configuration(party)));
  }

  /** By the clock of the tests. */
  Enclave open(EnclaveConfiguration configuration) {
    return Assembly.open(
        configuration,
        () -> Instant.now().plus(ahead),
        () -> System.nanoTime() + unattended.toNanos());
  }

  /** So much time passes at every party. */
  void wait(Duration time) {
    unattended = unattended.plus(time);
    jump(time);
  }

  /** Every party's clock is set, on or back, and no time passes. */
  void jump(Duration time) {
    ahead = ahead.plus(time);
  }

  /** As if nobody had asked any party for anything for so long. */
  void leaveAlone(Duration time) {
    unattended = unattended.plus(time);
  }

  void stop(int party) {
    Optional.ofNullable(running.remove(party)).ifPresent(Enclave::close);
  }

  /** As a power cut ends it, while nothing is being written: what its end would write is not. */
  void crash(int party) throws IOException {
    var folder = configuration(party).stateDirectory();
    var found = home.resolve("crashed" + party);
    copy(folder, found);
    stop(party);
    clear(folder);
    copy(found, folder);
    clear(found);
    start(party);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void clear(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  Enclave enclave(int party) {
    return Optional.ofNullable(running.get(party)).orElseThrow();
  }

  Map<Integer, Enclave> all() {
    return running;
  }

  /** What every owner signed. */
  DocumentFile document(String committee) {
    return Optional.ofNullable(documents.get(committee)).orElseThrow();
  }

  String committee(String name) {
    return Optional.ofNullable(committees.get(name)).orElseThrow();
  }

  KeyDescription generate(String committee, Scheme scheme) {
    return generate(committee, scheme, new KeyId(hex(16)));
  }

  /** Under an id that a configuration may name already. */
  KeyDescription generate(String committee, Scheme scheme, KeyId id) {
    return switch (Relay.run(running, propose(1, key(committee, scheme, id)), keyOrder)) {
      case Outcome.KeyGenerated(var _, KeyDescription key) -> key;
      case Outcome other -> throw new AssertionError(other);
    };
  }

  private Order keyOrder =
      sign(
          new KeyRequest(
              "none",
              "00".repeat(32),
              new KeyId("00".repeat(16)),
              "none",
              Scheme.FROST_ED25519,
              Set.of(),
              Instant.EPOCH));

  /** What the tests' clock says. */
  Instant now() {
    return Instant.now().plus(ahead);
  }

  /** A fresh order for a key. */
  Order key(String committee, Scheme scheme) {
    return key(committee, scheme, new KeyId(hex(16)));
  }

  private Order key(String committee, Scheme scheme, KeyId id) {
    keyOrder =
        sign(
            new KeyRequest(
                fresh("k"),
                committee(committee),
                id,
                committee + " " + scheme.label(),
                scheme,
                purposes(scheme),
                soon()));
    return keyOrder;
  }

  private static SortedSet<String> purposes(Scheme scheme) {
    return new TreeSet<>(
        switch (scheme) {
          case FROST_ED25519 -> List.of("sol.tx");
          case FROST_SECP256K1_TR -> List.of("btc.tx");
          case DKLS23_SECP256K1 -> List.of("btc.tx", "evm.tx");
        });
  }

  static Order sign(KeyRequest request) {
    return new Order.GenerateKey(ADMIN.sign(request));
  }

  /** A fresh transaction that spends from that key, and the request for its signatures. */
  Order.Sign order(KeyDescription key) {
    return order(key, Payloads.of(key, random));
  }

  Order.Sign order(KeyDescription key, byte[] payload) {
    return new Order.Sign(SERVICE.sign(request(key, payload)), payload);
  }

  SignRequest request(KeyDescription key, byte[] payload) {
    return request(key, purposes(key.scheme()).getFirst(), Optional.empty(), payload);
  }

  /** The request for what a payload of that purpose needs. */
  SignRequest request(KeyDescription key, String purpose, Optional<String> path, byte[] payload) {
    return new SignRequest(
        fresh("s"),
        key.committee(),
        key.id(),
        path,
        purpose,
        Ending.sha256(payload),
        Map.of(),
        soon());
  }

  Proposal.Ready propose(int coordinator, Order order) {
    return ready(
        enclave(coordinator)
            .propose(
                order,
                IntStream.rangeClosed(1, tokens.size()).boxed().collect(Collectors.toSet())));
  }

  /** A context that party 1 would write for an order, but for signers and deadline. */
  SessionContext context(Order order, List<Integer> signers, Instant deadline) {
    var engine = ((Core) enclave(1)).engine();
    var read = read(engine, order);
    return engine.signingContext(
        read.order(),
        read.committee(),
        signers.stream().map(PartyId::new).toList(),
        deadline.getEpochSecond(),
        Octets.of(new byte[32]));
  }

  private static Admission.Read.Signing read(Engine engine, Order order) {
    if (engine.admission().read(order) instanceof Admission.Read.Signing read) {
      return read;
    }
    throw new AssertionError(engine.admission().read(order));
  }

  /** With exactly these signers. */
  Proposal.Ready propose(List<Integer> signers, Order order) {
    var engine = ((Core) enclave(signers.getFirst())).engine();
    var read = read(engine, order);
    return ready(engine.proposeSigning(read, signers.stream().map(PartyId::new).toList()));
  }

  static Proposal.Ready ready(Proposal proposal) {
    if (proposal instanceof Proposal.Ready ready) {
      return ready;
    }
    throw new AssertionError(proposal);
  }

  String fresh(String prefix) {
    return prefix + "-" + hex(8);
  }

  private String hex(int bytes) {
    byte[] out = new byte[bytes];
    random.nextBytes(out);
    return HexFormat.of().formatHex(out);
  }

  Instant soon() {
    return Instant.now().plus(ahead).plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);
  }

  /** Of the parties that run. */
  @Override
  public List<String> leftovers() {
    var left = new ArrayList<String>();
    running.forEach((party, enclave) -> {
      if (enclave instanceof Core core) {
        CoreLeftovers.of(core, identities.get(party - 1).log())
            .forEach(one -> left.add("party " + party + ": " + one));
      }
    });
    return left;
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::stop);
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
