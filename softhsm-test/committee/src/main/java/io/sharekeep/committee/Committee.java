package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.softhsm.SoftHsm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Appliances that share one or several committee documents, provisioned and configured by the
 * command as operators do it: identities, tokens, {@code init}, documents, signatures of owners,
 * {@code init} again with the documents.
 */
public final class Committee implements AutoCloseable {
  private static final String NATIVE = "native";

  private final Path folder;
  private final List<Shape> shapes;
  private final List<Member> members;
  private final List<SoftHsm> homes;
  private final Operator operator;
  private final Identity administrator;
  private final Identity service;

  /** Writes the policies with which parties begin. */
  @FunctionalInterface
  interface FirstPolicy {
    /**
     * @param committee knows its administrator and its service
     * @param documents signed, of every shape
     * @param out where it goes, unsigned
     */
    void write(Committee committee, Member member, List<Path> documents, Path out);
  }

  private Committee(
      Path folder,
      List<Shape> shapes,
      Housing housing,
      boolean homesApart,
      IntFunction<String> backends,
      FirstPolicy first) {
    this.folder = folder.toAbsolutePath();
    this.shapes = List.copyOf(shapes);
    int parties = shapes.getFirst().parties();
    if (shapes.stream().anyMatch(shape -> shape.parties() != parties)) {
      throw new IllegalArgumentException("all shapes need the same parties");
    }
    var ports = Ports.free(3 * parties);
    var shared = homesApart ? List.<SoftHsm>of() : List.of(SoftHsm.ofThisProcess());
    this.homes = new ArrayList<>(shared);
    this.members = new ArrayList<>();
    for (int party = 1; party <= parties; party++) {
      var own = this.folder.resolve("party-" + party);
      if (homesApart) {
        homes.add(SoftHsm.init(own.resolve("tokens")));
      }
      var member =
          new Member(
              party,
              own,
              homes.getLast().provision("party-" + party),
              ports.subList(3 * (party - 1), 3 * party),
              housing);
      member.writeConfiguration(backends.apply(party));
      members.add(member);
    }
    this.operator = new Operator(new InThisJvm()); // people, who have no token of an appliance
    var people = this.folder.resolve("people");
    this.administrator = operator.identity("administrator", people);
    this.service = operator.identity("payments", people);
    provision(people, first);
  }

  private static void closedList(
      Committee committee, Member member, List<Path> documents, Path out) {
    committee.operator.draftPolicy(
        member, committee.administrator, committee.service, documents, out);
  }

  /**
   * Real processes, each with a SoftHSM of its own.
   *
   * @param launcher {@code bin/sharekeep}
   * @param folder empty; everything is written below it
   */
  public static Committee asProcesses(Path launcher, Path folder, List<Shape> shapes) {
    return asProcesses(launcher, folder, shapes, _ -> NATIVE);
  }

  /**
   * The same.
   *
   * @param backends party → the backend through which it uses both its tokens
   */
  public static Committee asProcesses(
      Path launcher, Path folder, List<Shape> shapes, IntFunction<String> backends) {
    return new Committee(
        folder, shapes, new Processes(launcher, false), true, backends, Committee::closedList);
  }

  /** As {@link #asProcesses}, for tests that start them often: up sooner, and slower at work. */
  public static Committee asShortLivedProcesses(Path launcher, Path folder, List<Shape> shapes) {
    return new Committee(
        folder, shapes, new Processes(launcher, true), true, _ -> NATIVE, Committee::closedList);
  }

  /**
   * All in this JVM, which has one SoftHSM for all.
   *
   * @param folder empty; everything but the tokens is written below it
   */
  public static Committee inOneJvm(Path folder, List<Shape> shapes) {
    return inOneJvm(folder, shapes, Committee::closedList);
  }

  /** The same, with policies of one's own. */
  static Committee inOneJvm(Path folder, List<Shape> shapes, FirstPolicy first) {
    return new Committee(folder, shapes, new OneJvm(), false, _ -> NATIVE, first);
  }

  private void provision(Path people, FirstPolicy first) {
    var owners =
        members.stream()
            .map(member -> operator.identity("owner-" + member.party(), people))
            .toList();
    var descriptions =
        IntStream.range(0, members.size())
            .mapToObj(i -> operator.provision(members.get(i), owners.get(i)))
            .toList();
    var documents = new ArrayList<Path>();
    for (var shape : shapes) {
      var file = document(shape);
      operator.draftCommittee(shape, cut(shape, descriptions), file);
      owners.forEach(owner -> operator.signCommittee(file, owner));
      operator.verifyCommittee(file);
      documents.add(file);
    }
    for (var member : members) {
      var policy = policy(member);
      first.write(this, member, documents, policy);
      operator.signPolicy(policy, owners.get(member.party() - 1));
      operator.accept(member, documents, policy);
    }
  }

  /** The parties' descriptions with the points that they own in this shape. */
  private List<Path> cut(Shape shape, List<ObjectNode> descriptions) {
    var files = new ArrayList<Path>();
    for (var member : members) {
      var description = descriptions.get(member.party() - 1).deepCopy();
      var points = description.putArray("points");
      shape.pointsOf(member.party()).forEach(points::add);
      var file = folder.resolve(shape.id() + "-" + member.name() + ".json");
      write(file, description.toPrettyString().getBytes(UTF_8));
      files.add(file);
    }
    return files;
  }

  public List<Member> members() {
    return List.copyOf(members);
  }

  public Member member(int party) {
    return members.get(party - 1);
  }

  /** Who may make keys, at every party. */
  public Identity administrator() {
    return administrator;
  }

  /** Who may ask for signatures, at every party. */
  public Identity service() {
    return service;
  }

  /** The signed committee document of a shape. */
  public Path document(Shape shape) {
    return folder.resolve("committee-" + shape.id() + ".json");
  }

  /** The signed policy with which a party began. */
  Path policy(Member member) {
    return folder.resolve("policy-" + member.name() + ".json");
  }

  /** The signing key of a party's owner. */
  Path ownerKey(Member member) {
    return folder.resolve("people/owner-" + member.party() + ".key.pem");
  }

  /** Starts every appliance and waits until all can sign. */
  public void start() {
    members.forEach(Member::start);
    members.forEach(Member::awaitReady);
  }

  /** Makes a key, and waits until every party says that it is usable. */
  public Key generate(Shape shape, String scheme, String label) {
    var document = document(shape);
    var made =
        operator.generate(
            members.getFirst(), administrator, document, scheme, purpose(scheme), label);
    return usable(shape, made.get("id").textValue());
  }

  /** The key of that id, once every party says that it is usable. */
  Key usable(Shape shape, String id) {
    var described =
        members.stream()
            .map(member -> operator.awaitUsable(member, administrator, document(shape), id))
            .toList();
    return Key.of(described.getLast(), shape);
  }

  /** A key as one of the parties describes it. */
  public JsonNode describe(Key key, Member at) {
    return operator.key(at, administrator, document(key.shape()), key.id());
  }

  /** Asks one appliance, as coordinator, for the signatures of a transaction. */
  public JsonNode sign(Key key, byte[] payload, Member coordinator) {
    var file = payload(payload);
    return operator.sign(coordinator, service, document(key.shape()), key, file);
  }

  /** Tries to make a key of that id through a member, however it ends. */
  public Sharekeep.Result tryGenerate(
      Shape shape, String scheme, String keyId, Member coordinator) {
    return operator.tryGenerate(
        coordinator, administrator, document(shape), scheme, purpose(scheme), keyId);
  }

  /** Asks a member for a key that it may not have. */
  public Sharekeep.Result tryDescribe(Shape shape, String keyId, Member at) {
    return operator.tryKey(at, administrator, document(shape), keyId);
  }

  /**
   * Tries to have a payload signed through a member, however it ends.
   *
   * @param more options of the command, such as a request id
   */
  public Sharekeep.Result trySign(
      Shape shape,
      String scheme,
      String keyId,
      byte[] payload,
      Member coordinator,
      String... more) {
    var file = payload(payload);
    return operator.trySign(
        coordinator, service, document(shape), keyId, purpose(scheme), file, more);
  }

  /** A file of its own, since several may be asked for at once. */
  private Path payload(byte[] bytes) {
    try {
      return Files.write(Files.createTempFile(folder, "payload", ".bin"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String purpose(String scheme) {
    return switch (scheme) {
      case "frost-ed25519" -> "sol.tx";
      case "frost-secp256k1-tr" -> "btc.tx";
      case "dkls23-secp256k1" -> "evm.tx";
      default -> throw new IllegalArgumentException("no scheme " + scheme);
    };
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    members.forEach(Member::stop);
    homes.forEach(SoftHsm::close);
  }
}
