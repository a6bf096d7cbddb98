package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.softhsm.SoftHsm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Appliances that share one or several committee documents, provisioned and configured by the
 * command as operators do it: identities, tokens, {@code init}, documents, signatures of owners,
 * {@code init} again with the documents.
 */
public final class Committee implements AutoCloseable {
  private final Path folder;
  private final List<Member> members;
  private final List<Shape> shapes;
  private final Map<String, String> hashes = new LinkedHashMap<>();
  private final Operator operator;
  private final List<SoftHsm> tokens;
  private final Identity administrator;
  private final Identity service;

  private Committee(Path folder, List<Shape> shapes, Housing housing, boolean tokensApart) {
    this.folder = folder;
    this.shapes = List.copyOf(shapes);
    int parties = shapes.getFirst().parties();
    if (shapes.stream().anyMatch(shape -> shape.parties() != parties)) {
      throw new IllegalArgumentException("all shapes need the same parties");
    }
    var ports = Ports.free(3 * parties);
    this.tokens = new ArrayList<>();
    this.members = new ArrayList<>();
    for (int party = 1; party <= parties; party++) {
      var own = folder.resolve(Drafts.name(party));
      var home = tokensApart ? SoftHsm.init(own.resolve("tokens")) : SoftHsm.ofThisProcess();
      tokens.add(home);
      var member =
          new Member(
              party,
              own,
              home.provision(Drafts.name(party)),
              ports.subList(3 * (party - 1), 3 * party),
              housing);
      member.writeConfiguration();
      members.add(member);
    }
    this.operator = new Operator(members.getFirst().sharekeep());
    var people = folder.resolve("people");
    this.administrator = operator.identity("administrator", people);
    this.service = operator.identity("payments", people);
    provision(people);
  }

  /**
   * Real processes, each with a SoftHSM of its own.
   *
   * @param launcher {@code bin/sharekeep}
   * @param folder empty, and everything is written below it
   */
  public static Committee asProcesses(Path launcher, Path folder, List<Shape> shapes) {
    return new Committee(folder, shapes, new Processes(launcher), true);
  }

  private void provision(Path people) {
    var owners = new ArrayList<Identity>();
    var descriptors = new ArrayList<ObjectNode>();
    for (var member : members) {
      var owner = operator.identity("owner-" + member.party(), people);
      owners.add(owner);
      descriptors.add(operator.provision(member, owner));
    }
    var urls = members.stream().map(Member::peerUrl).toList();
    var documents = new ArrayList<Path>();
    for (var shape : shapes) {
      var file = folder.resolve("committee-" + shape.id() + ".json");
      write(file, Drafts.committee(shape, descriptors, owners, urls));
      owners.forEach(owner -> operator.signCommittee(file, owner));
      hashes.put(shape.id(), operator.verifyCommittee(file));
      documents.add(file);
    }
    for (var member : members) {
      var policy = folder.resolve("policy-" + member.name() + ".json");
      write(
          policy,
          Drafts.policy(member.party(), administrator, service, List.copyOf(hashes.values())));
      operator.signPolicy(policy, owners.get(member.party() - 1));
      operator.accept(member, documents, policy);
    }
  }

  public List<Member> members() {
    return List.copyOf(members);
  }

  public Member member(int party) {
    return members.get(party - 1);
  }

  public Shape shape(String id) {
    return shapes.stream().filter(shape -> shape.id().equals(id)).findFirst().orElseThrow();
  }

  /** Starts every appliance and waits until all can sign. */
  public void start() {
    members.forEach(Member::start);
    members.forEach(Member::awaitReady);
  }

  /** Makes a key, and waits until every party says that it is usable. */
  public Key generate(Shape shape, String scheme, String label) {
    var hash = hashes.get(shape.id());
    if (hash == null) {
      throw new IllegalArgumentException("no committee " + shape.id());
    }
    var purpose = scheme.equals("frost-ed25519") ? "sol.tx" : "btc.tx";
    var id = operator.generate(members.getFirst(), administrator, hash, scheme, purpose, label);
    for (var member : members) {
      operator.awaitUsable(member, administrator, id);
    }
    return Key.of(operator.key(members.getFirst(), administrator, id), shape);
  }

  /** Asks one appliance, as coordinator, for the signatures of a transaction. */
  public JsonNode sign(Key key, byte[] payload, Member coordinator) {
    var file = folder.resolve("payload-" + key.id() + ".bin");
    write(file, payload);
    return operator.sign(coordinator, service, key, file);
  }

  public Operator operator() {
    return operator;
  }

  public Identity administrator() {
    return administrator;
  }

  public Identity service() {
    return service;
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    members.forEach(Member::stop);
    tokens.forEach(SoftHsm::close);
  }
}
