package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.ProvisionedIdentity;
import io.sharekeep.enclave.StartupException;
import io.sharekeep.enclave.StartupException.Code;
import io.sharekeep.enclave.policy.CommitteeDocument;
import io.sharekeep.enclave.policy.PolicyDocument;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.store.SignedDocuments;
import io.sharekeep.enclave.store.SignedDocuments.DocumentRow;
import io.sharekeep.enclave.store.SignedDocuments.Kind;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.store.StoreUnusable;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.threshold.PartyId;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code sharekeep init} does to a host: keys first, then the documents. Offline. */
public final class Provisioning {
  private Provisioning() {}

  /**
   * Makes the keys of the core token and the state folder.
   *
   * @param owner SubjectPublicKeyInfo of the key that will sign this party's policies
   */
  public static ProvisionedIdentity provision(EnclaveConfiguration configuration, byte[] owner) {
    try (var store = open(configuration.stateDirectory())) {
      if (store.read(TokenRecord::read).isPresent()) {
        throw new StartupException(
            Code.ALREADY_PROVISIONED,
            configuration.stateDirectory() + " belongs to an appliance already");
      }
      try (var token = CoreToken.login(configuration)) {
        var record = generate(token, owner);
        store.commit(tx -> {
          record.write(tx);
          return record;
        });
        // Committed: from here the token and the folder belong together; before it the token holds
        // keys that nothing uses, and init says so when it finds them.
        return record.identity();
      } catch (TokenException e) {
        throw CoreToken.startup(e);
      }
    }
  }

  private static TokenRecord generate(CoreToken token, byte[] owner) {
    for (var entry : CoreToken.KEYS.entrySet()) {
      if (token.token().find(entry.getValue().name()).isPresent()) {
        throw new StartupException(
            Code.ALREADY_PROVISIONED,
            "the core token holds a key "
                + entry.getKey()
                + " already: use a fresh token, or initialise this one anew if nothing needs its"
                + " keys");
      }
    }
    var keys = new HashMap<String, KeyRef>();
    var publicKeys = new HashMap<String, byte[]>();
    for (var entry : CoreToken.KEYS.entrySet()) {
      var key = token.generate(entry.getValue());
      var violations = token.token().evidence(key).violations(entry.getValue());
      if (!violations.isEmpty()) {
        throw new StartupException(
            Code.TOKEN_FAULT,
            "the token made a key " + entry.getKey() + " that is too weak: " + violations);
      }
      keys.put(entry.getKey(), key);
      if (!entry.getKey().equals("kek")) {
        publicKeys.put(entry.getKey(), token.publicKey(key));
      }
    }
    var kek = Optional.ofNullable(keys.get("kek")).orElseThrow();
    return new TokenRecord(keys, publicKeys, token.sealCanary(kek), owner.clone());
  }

  /**
   * Takes the committee documents and the policy, after checking every signature and that this
   * party is who they say.
   */
  public static Documents accept(
      EnclaveConfiguration configuration, List<DocumentFile> committees, DocumentFile policy) {
    try (var store = open(configuration.stateDirectory())) {
      var record = store.read(TokenRecord::read).orElseThrow(() -> unprovisioned(configuration));
      refuse(!policy.kind().equals(DocumentFile.Kind.POLICY), "the policy file holds no policy");
      refuse(
          !policy.signedBy(record.owner()),
          "the policy is not signed by this party's owner, whom init was told");
      refuse(!policy.problems().isEmpty(), "the policy: " + String.join("; ", policy.problems()));
      for (var committee : committees) {
        var objections = CommitteeDocument.objections(committee);
        refuse(
            !objections.isEmpty(),
            "committee " + committee.hash() + ": " + String.join("; ", objections));
      }
      var books = books(record, policy, committees);
      var now = InstantSource.system().instant();
      var document = PolicyDocument.read(policy.canonical());
      var documents = new SignedDocuments(document.tenant());
      store.commit(tx -> {
        for (var committee : committees) {
          documents.accept(
              tx,
              new DocumentRow(
                  committee.digest(),
                  Kind.COMMITTEE,
                  committee.hash(),
                  1,
                  committee.toJson(),
                  now));
        }
        documents.accept(
            tx,
            new DocumentRow(
                policy.digest(),
                Kind.POLICY,
                document.id(),
                document.version(),
                policy.toJson(),
                now));
        Meta.put(tx, TENANT, document.tenant().getBytes(US_ASCII));
        return now;
      });
      return books.documents();
    }
  }

  /** Names the one tenant of this state folder. */
  static final String TENANT = "tenant";

  /**
   * The documents as this party must read them.
   *
   * @throws StartupException if they do not fit together or are not about this party
   */
  static Books books(TokenRecord record, DocumentFile policy, List<DocumentFile> committees) {
    var document = PolicyDocument.read(policy.canonical());
    var byHash = new TreeMap<String, CommitteeDocument>();
    var self = new ArrayList<PartyId>();
    for (var file : committees) {
      var committee = CommitteeDocument.read(file.canonical());
      var party = committee.withIdentity(record.publicKey("identity"));
      refuse(
          party.isEmpty(),
          "committee " + committee.id() + " has no party with this appliance's identity key");
      party.ifPresent(own -> {
        refuse(
            !Arrays.equals(own.log(), record.publicKey("log")),
            "committee " + committee.id() + " names another log key for this party");
        refuse(
            !Arrays.equals(own.owner(), record.owner()),
            "committee " + committee.id() + " names another owner for this party");
        refuse(
            !own.name().equals(document.party()),
            "the policy is for party "
                + document.party()
                + ", but committee "
                + committee.id()
                + " calls this one "
                + own.name());
        self.add(new PartyId(own.id()));
      });
      refuse(
          !committee.tenant().equals(document.tenant()),
          "committee " + committee.id() + " and the policy belong to different tenants");
      byHash.put(file.hash(), committee);
    }
    refuse(byHash.isEmpty(), "at least one committee document is needed");
    refuse(
        self.stream().distinct().count() != 1,
        "this party has different ids in its committees; give it one id in all of them");
    refuse(
        !byHash.keySet().containsAll(document.committees()),
        "the policy accepts a committee whose document is not given");
    return new Books(self.getFirst(), document, policy.hash(), byHash);
  }

  private static void refuse(boolean wrong, String sentence) {
    if (wrong) {
      throw new StartupException(Code.DOCUMENT_REFUSED, sentence);
    }
  }

  static StartupException unprovisioned(EnclaveConfiguration configuration) {
    return new StartupException(
        Code.UNPROVISIONED,
        configuration.stateDirectory() + " holds no appliance yet: run sharekeep init first");
  }

  static Store open(Path folder) {
    try {
      return Store.open(folder);
    } catch (StoreUnusable e) {
      throw new StartupException(
          switch (e.why()) {
            case IN_USE -> Code.STATE_IN_USE;
            case NOT_ACCESSIBLE, NOT_LOCAL, NEWER_SCHEMA, CHANGED_MIGRATION, CORRUPT ->
                Code.STATE_DIRECTORY;
          },
          String.valueOf(e.getMessage()),
          e);
    }
  }

  /** Reads back what {@link #accept} stored. */
  static Optional<Books> stored(Store store, TokenRecord record) {
    var tenant = store.read(from -> Meta.find(from, TENANT));
    if (tenant.isEmpty()) {
      return Optional.empty();
    }
    var documents = new SignedDocuments(new String(tenant.get(), US_ASCII));
    var policies = store.read(from -> documents.all(from, Kind.POLICY));
    var committees = store.read(from -> documents.all(from, Kind.COMMITTEE));
    if (policies.isEmpty() || committees.isEmpty()) {
      return Optional.empty();
    }
    var policy = file(policies.getLast());
    refuse(!policy.signedBy(record.owner()), "the stored policy is not signed by the owner");
    var files = committees.stream().map(Provisioning::file).toList();
    for (var file : files) {
      refuse(
          !CommitteeDocument.objections(file).isEmpty(),
          "a stored committee document is not signed by all owners");
    }
    return Optional.of(books(record, policy, files));
  }

  private static DocumentFile file(DocumentRow row) {
    return switch (DocumentFile.parse(row.bytes())) {
      case DocumentFile.Parsed.Document(DocumentFile file) -> {
        refuse(
            !file.hash().equals(HexFormat.of().formatHex(row.hash())),
            "a stored document is not the one that was accepted");
        yield file;
      }
      case DocumentFile.Parsed.Malformed(String reason) ->
          throw new StartupException(Code.DOCUMENT_REFUSED, "a stored document: " + reason);
    };
  }
}
