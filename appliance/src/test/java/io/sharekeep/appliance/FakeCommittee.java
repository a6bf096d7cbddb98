package io.sharekeep.appliance;

import io.sharekeep.appliance.http.Listeners;
import io.sharekeep.appliance.peer.Coordinator;
import io.sharekeep.appliance.peer.PeerTimeouts;
import io.sharekeep.appliance.peer.PinnedClients;
import io.sharekeep.enclave.CallerIdentity;
import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.KeyDescription;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Parties with fake enclaves behind real listeners, and a client with all roles. */
public final class FakeCommittee implements AutoCloseable {
  public static final int BODY_BYTES = 64 * 1024;
  public static final PeerTimeouts TIMEOUTS =
      new PeerTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2));

  public final List<Node> nodes = new ArrayList<>();
  public final TestIdentity client = TestIdentity.create("client");
  public final Initiator initiator = new Initiator();
  private final List<PinnedClients> clients = new ArrayList<>();
  private final java.util.Map<String, HttpClient> https =
      new java.util.concurrent.ConcurrentHashMap<>();

  /** One appliance. */
  public static final class Node {
    public final FakeEnclave enclave;
    public final TestIdentity identity;
    public final FakeEdge edge = new FakeEdge();
    public final Coordinator coordinator;
    public final Listeners listeners;
    private final PinnedClients peers;

    Node(int party, int concurrent, int connections, Listeners.Patience patience) {
      enclave = new FakeEnclave(party);
      identity = TestIdentity.create("party " + party);
      peers = new PinnedClients(identity.keyManager(), TIMEOUTS.connect());
      coordinator = new Coordinator(enclave, peers, BODY_BYTES, TIMEOUTS);
      var any = InetSocketAddress.createUnresolved("127.0.0.1", 0);
      listeners =
          new Listeners(
              new Listeners.Settings(any, any, any, BODY_BYTES, concurrent, connections, patience),
              enclave,
              coordinator,
              identity.keyManager(),
              edge,
              "test");
    }

    public String peerUrl() {
      return "https://127.0.0.1:" + listeners.peerPort();
    }

    public String clientUrl() {
      return "https://127.0.0.1:" + listeners.clientPort();
    }

    public String healthUrl() {
      return "http://127.0.0.1:" + listeners.healthPort();
    }

    public void stop() {
      coordinator.close();
      listeners.close();
      peers.close();
    }
  }

  public FakeCommittee(int parties, int threshold) {
    this(parties, threshold, 16);
  }

  public FakeCommittee(int parties, int threshold, int concurrent) {
    this(parties, threshold, concurrent, 64, Listeners.Patience.DEFAULT);
  }

  public FakeCommittee(
      int parties, int threshold, int concurrent, int connections, Listeners.Patience patience) {
    for (int party = 1; party <= parties; party++) {
      nodes.add(new Node(party, concurrent, connections, patience));
    }
    var documents =
        new Documents(
            List.of(
                new Documents.Committee(
                    Initiator.COMMITTEE,
                    "treasury",
                    threshold,
                    nodes.stream()
                        .map(node ->
                            new Documents.Party(
                                node.enclave.party,
                                "party-" + node.enclave.party,
                                node.peerUrl(),
                                "1".repeat(64),
                                node.identity.pin(),
                                List.of(node.enclave.party)))
                        .toList())),
            "f".repeat(64),
            "test");
    for (var node : nodes) {
      node.enclave.documents = documents;
      node.enclave.keys.put(
          Initiator.KEY, FakeEnclave.key(Initiator.KEY, KeyDescription.Stage.USABLE));
      admit(node, client, EnumSet.allOf(Role.class));
    }
  }

  public static void admit(Node node, TestIdentity identity, Set<Role> roles) {
    node.enclave.callers.put(identity.pin(), new CallerIdentity("alice", roles));
  }

  public Node node(int party) {
    return nodes.get(party - 1);
  }

  /** A client that trusts the node's key and shows the identity. */
  public HttpClient http(Node node, TestIdentity identity) {
    return https.computeIfAbsent(
        node.identity.pin() + identity.pin(),
        _ -> {
          var factory = new PinnedClients(identity.keyManager(), Duration.ofSeconds(20));
          clients.add(factory);
          return factory.apply(node.identity.pin());
        });
  }

  public HttpResponse<String> post(Node node, String path, String json) throws Exception {
    return http(node, client)
        .send(
            HttpRequest.newBuilder(URI.create(node.clientUrl() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            BodyHandlers.ofString());
  }

  public HttpResponse<String> get(Node node, String path) throws Exception {
    return http(node, client)
        .send(
            HttpRequest.newBuilder(URI.create(node.clientUrl() + path)).build(),
            BodyHandlers.ofString());
  }

  @Override
  public void close() {
    nodes.forEach(Node::stop);
    clients.forEach(PinnedClients::close);
  }
}
