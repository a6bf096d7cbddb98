package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.ProvisionedIdentity;
import io.sharekeep.enclave.StartupException;
import io.sharekeep.enclave.StartupException.Code;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.enclave.policy.ClosedListJudge;
import io.sharekeep.enclave.policy.CommitteeDocument;
import io.sharekeep.enclave.policy.Judge;
import io.sharekeep.enclave.policy.PartyPolicy;
import io.sharekeep.enclave.policy.PolicyDocument;
import io.sharekeep.enclave.policy.RuledPolicy;
import io.sharekeep.enclave.policy.RulesJudge;
import io.sharekeep.enclave.store.Keks;
import io.sharekeep.enclave.store.Keks.KekRow;
import io.sharekeep.enclave.store.Keks.State;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.store.SignedDocuments;
import io.sharekeep.enclave.store.SignedDocuments.DocumentRow;
import io.sharekeep.enclave.store.SignedDocuments.Kind;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.store.StoreUnusable;
import io.sharekeep.enclave.vault.KekHome.Role;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.threshold.PartyId;
import java.nio.file.Path;
import java.time.Instant;
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
  static final int ADMINISTRATORS = 3;

  private Provisioning() {}

  /**
   * Makes the keys of the core token, the kek of the fallback token if there is one, and the state
   * folder.
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
      try (var token = CoreToken.login(configuration.core(), false)) {
        requireFresh(token.itself(), Role.CORE);
        var keks = new ArrayList<KekRow>();
        var fallback = configuration.fallback().map(place -> fallbackKek(place, 1));
        var record = generate(token, owner);
        keks.add(KekProof.make(token.itself(), Role.CORE, 1, InstantSource.system().instant()));
        fallback.ifPresent(keks::add);
        store.commit(tx -> {
          record.write(tx);
          keks.forEach(kek -> Keks.add(tx, kek));
          return record;
        });
        // Committed: from here the tokens and the folder belong together; before it the tokens hold
        // keys that nothing uses, and init says so when it finds them.
        return record.identity();
      } catch (TokenException e) {
        throw CoreToken.startup(e);
      }
    }
  }

  /**
   * Makes the fallback token's kek for a party that is there. Records get their second seal while
   * the appliance runs.
   *
   * @return id of the kek
   */
  public static String provisionFallback(EnclaveConfiguration configuration) {
    var place =
        configuration
            .fallback()
            .orElseThrow(() ->
                new StartupException(
                    Code.CONFIGURATION,
                    "the configuration names no hsm.fallback.token; add it first"));
    try (var store = open(configuration.stateDirectory())) {
      if (store.read(TokenRecord::read).isEmpty()) {
        throw unprovisioned(configuration);
      }
      var before =
          store.read(Keks::all).stream()
              .filter(row -> row.token().equals(Role.FALLBACK.label()))
              .toList();
      var made =
          fallbackKek(place, 1 + before.stream().mapToInt(KekRow::generation).max().orElse(0));
      store.commit(tx -> {
        before.forEach(row -> Keks.move(tx, row.id(), State.CURRENT, State.RETIRED));
        Keks.add(tx, made);
        return made;
      });
      // Committed: from here the running appliance seals every record under it.
      return made.id();
    } catch (TokenException e) {
      throw CoreToken.startup(e);
    }
  }

  private static KekRow fallbackKek(TokenPlace place, int generation) {
    try (var token = CoreToken.login(place, CoreToken.SHORT_PATIENCE)) {
      requireFresh(token, Role.FALLBACK);
      return KekProof.make(token, Role.FALLBACK, generation, InstantSource.system().instant());
    }
  }

  /** A token with a kek or an identity is some appliance's, maybe another one's. */
  private static void requireFresh(Token token, Role role) {
    for (var spec : List.of(KeySpec.KEK, KeySpec.IDENTITY, KeySpec.LOG, KeySpec.ATTEST)) {
      if (token.find(spec.name()).isPresent()) {
        throw new StartupException(
            Code.ALREADY_PROVISIONED,
            "the "
                + role.label()
                + " token holds a key "
                + spec.name().label()
                + " already: use a fresh token, or initialise this one anew if nothing needs its"
                + " keys");
      }
    }
  }

  private static TokenRecord generate(CoreToken token, byte[] owner) {
    var keys = new HashMap<String, KeyRef>();
    var publicKeys = new HashMap<String, byte[]>();
    for (var entry : CoreToken.KEYS.entrySet()) {
      var key = token.generate(entry.getValue());
      var violations = token.itself().evidence(key).violations(entry.getValue());
      if (!violations.isEmpty()) {
        throw new StartupException(
            Code.TOKEN_FAULT,
            "the token made a key " + entry.getKey() + " that is too weak: " + violations);
      }
      keys.put(entry.getKey(), key);
      publicKeys.put(entry.getKey(), token.publicKey(key));
    }
    return new TokenRecord(keys, publicKeys, owner.clone());
  }

  /**
   * Takes the committee documents and the policy, after checking every signature and that this
   * party is who they say.
   */
  public static Documents accept(
      EnclaveConfiguration configuration, List<DocumentFile> committees, DocumentFile policy) {
    try (var store = open(configuration.stateDirectory())) {
      var record = store.read(TokenRecord::read).orElseThrow(() -> unprovisioned(configuration));
      refuse(!isPolicy(policy), "the policy file holds no policy");
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
      var now = InstantSource.system().instant();
      var document = judge(store, policy, now).policy();
      refuse(
          document.version() != 1,
          "init takes the first version of a policy, not version " + document.version());
      requireAdministrators(document);
      var books = books(record, judge(store, policy, now), policy.hash(), committees);
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
  private static Books books(
      TokenRecord record, Judge judge, String policyHash, List<DocumentFile> committees) {
    var document = judge.policy();
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
    return new Books(self.getFirst(), judge, policyHash, byHash);
  }

  /** The owner signed the first, and each version of typed rules is judged by the one before. */
  private static void requireChain(TokenRecord record, List<DocumentFile> chain) {
    for (int i = 0; i < chain.size(); i++) {
      var file = chain.get(i);
      if (i == 0 || chain.get(i - 1).kind() == DocumentFile.Kind.POLICY) {
        refuse(!file.signedBy(record.owner()), "the stored policy is not signed by the owner");
      } else {
        var before = RuledPolicy.of(chain.get(i - 1));
        refuse(
            !io.sharekeep.enclave.rules.Succession.of(
                    before.rules(),
                    before.hash(),
                    RuledPolicy.of(file).rules(),
                    before.signers(file))
                .objections()
                .isEmpty(),
            "a stored version of the policy does not follow the one before");
      }
    }
  }

  private static boolean isPolicy(DocumentFile file) {
    return switch (file.kind()) {
      case POLICY, TYPED_POLICY -> true;
      case COMMITTEE, LIST -> false;
    };
  }

  /** Who judges by that policy, with what counts by the store. */
  private static Judge judge(Store store, DocumentFile policy, Instant now) {
    return switch (policy.kind()) {
      case POLICY -> new ClosedListJudge(PolicyDocument.read(policy.canonical()));
      case TYPED_POLICY ->
          store.read(from -> {
            var ruled = RuledPolicy.of(policy);
            return RulesJudge.load(from, ruled, Succession.lists(from, ruled.tenant(), ruled), now);
          });
      case COMMITTEE, LIST ->
          throw new StartupException(Code.DOCUMENT_REFUSED, "a stored policy is none");
    };
  }

  /** Whom to ask when one is ill and another is the problem (policy and intents, section 6). */
  private static void requireAdministrators(PartyPolicy policy) {
    if (policy instanceof RuledPolicy ruled) {
      refuse(
          ruled.rules().holders("administrator").size() < ADMINISTRATORS,
          "the first version of a policy of typed rules names at least three administrators");
    }
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
  static Optional<Books> stored(Store store, TokenRecord record, Instant now) {
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
    var chain = policies.stream().map(Provisioning::file).toList();
    requireChain(record, chain);
    var policy = chain.getLast();
    var files = committees.stream().map(Provisioning::file).toList();
    for (var file : files) {
      refuse(
          !CommitteeDocument.objections(file).isEmpty(),
          "a stored committee document is not signed by all owners");
    }
    return Optional.of(books(record, judge(store, policy, now), policy.hash(), files));
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
