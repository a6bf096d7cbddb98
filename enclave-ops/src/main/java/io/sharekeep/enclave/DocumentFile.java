package io.sharekeep.enclave;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.CommitteeDocument;
import io.sharekeep.enclave.policy.PolicyDocument;
import io.sharekeep.enclave.rules.Listing;
import io.sharekeep.enclave.rules.PolicyReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A committee or policy document with the signatures it has so far. What is signed is the SHA-256
 * of a domain line and the document's canonical JSON; that hash is also the document's name.
 *
 * <pre>{"document": {…}, "signatures": [{"algorithm", "key", "signature"}]}</pre>
 */
public final class DocumentFile {
  /** No document but a list is longer, in bytes. */
  public static final int MAX_BYTES = 256 * 1024;

  /** No list is longer, in bytes (policy and intents, section 2). */
  public static final int MAX_LIST_BYTES = 4 * 1024 * 1024;

  private static final int MAX_SIGNATURES = 64;

  private final Kind kind;
  private final byte[] canonical;
  private final List<DocumentSignature> signatures;

  private DocumentFile(Kind kind, byte[] canonical, List<DocumentSignature> signatures) {
    this.kind = kind;
    this.canonical = canonical;
    this.signatures = List.copyOf(signatures);
  }

  /** What a document can be. */
  public enum Kind {
    COMMITTEE("sharekeep.committee/v1", "sharekeep/committee/v1\n"),
    POLICY("sharekeep.policy/v1", "sharekeep/policy/v1\n"),
    /** A policy of typed rules: it says {@code kind: Policy}. */
    TYPED_POLICY("sharekeep.policy/v1", "sharekeep/policy/v1\n"),
    /** Addresses that policies name. */
    LIST(Listing.API_VERSION, "sharekeep/list/v1\n");

    private final String apiVersion;
    private final String domain;

    Kind(String apiVersion, String domain) {
      this.apiVersion = apiVersion;
      this.domain = domain;
    }

    /** The value of its field {@code apiVersion}. */
    public String apiVersion() {
      return apiVersion;
    }
  }

  /** One signature over {@link #digest}. */
  public record DocumentSignature(KeyAlgorithm algorithm, byte[] key, byte[] signature) {}

  /** Either a document or the sentence that says what is wrong with it. */
  public sealed interface Parsed {
    record Document(DocumentFile file) implements Parsed {}

    record Malformed(String reason) implements Parsed {}
  }

  /** Reads a file of a draft (the bare document) or of a signed document. */
  public static Parsed parse(byte[] json) {
    if (json.length > MAX_LIST_BYTES) {
      return new Parsed.Malformed("a document is at most " + MAX_LIST_BYTES + " bytes");
    }
    try {
      var file = read(StrictJson.object(json));
      return file.kind == Kind.LIST || json.length <= MAX_BYTES
          ? new Parsed.Document(file)
          : new Parsed.Malformed("a document but a list is at most " + MAX_BYTES + " bytes");
    } catch (MalformedJson e) {
      return new Parsed.Malformed(e.reason());
    }
  }

  private static DocumentFile read(ObjectNode object) {
    if (!object.has("document")) {
      return of(object, List.of());
    }
    return JsonFields.read(
        object,
        "",
        fields -> {
          var signatures =
              fields.objectList(
                  "signatures",
                  MAX_SIGNATURES,
                  entry ->
                      new DocumentSignature(
                          SignatureKeys.algorithm(entry.text("algorithm", 16)),
                          entry.hex("key", 40, 128),
                          entry.hex("signature", 64, 64)));
          return of(fields.raw("document"), signatures);
        });
  }

  private static DocumentFile of(ObjectNode document, List<DocumentSignature> signatures) {
    var version = document.path("apiVersion").asText();
    for (var kind : Kind.values()) {
      if (kind.apiVersion.equals(version) && (kind == Kind.TYPED_POLICY) == isTyped(document)) {
        byte[] canonical = CanonicalJson.bytes(document);
        switch (kind) {
          case COMMITTEE -> CommitteeDocument.read(canonical);
          case POLICY -> PolicyDocument.read(canonical);
          case TYPED_POLICY -> PolicyReader.read(document);
          case LIST -> Listing.read(document);
        }
        return new DocumentFile(kind, canonical, signatures);
      }
    }
    throw new MalformedJson(
        "apiVersion must be one of "
            + String.join(
                ", ", Arrays.stream(Kind.values()).map(Kind::apiVersion).distinct().toList()));
  }

  private static boolean isTyped(ObjectNode document) {
    return document.has("kind");
  }

  public Kind kind() {
    return kind;
  }

  /** The document as it is signed. */
  public byte[] canonical() {
    return canonical.clone();
  }

  /** 32 bytes: what is signed. */
  public byte[] digest() {
    return CanonicalJson.digest(kind.domain, canonical);
  }

  /** The document's name: {@link #digest} in hex. */
  public String hash() {
    return HexFormat.of().formatHex(digest());
  }

  public List<DocumentSignature> signatures() {
    return signatures;
  }

  /** With one more signature; a signer's earlier one is replaced. */
  public DocumentFile with(DocumentSignature signature) {
    var all = new ArrayList<DocumentSignature>();
    for (var present : signatures) {
      if (!Arrays.equals(present.key(), signature.key())) {
        all.add(present);
      }
    }
    all.add(signature);
    return new DocumentFile(kind, canonical, all);
  }

  /** Whether that key has signed, validly. */
  public boolean signedBy(byte[] spki) {
    return signatures.stream()
        .anyMatch(s ->
            Arrays.equals(s.key(), spki)
                && SignatureKeys.verifies(s.algorithm(), s.key(), digest(), s.signature()));
  }

  /**
   * Why the document would not be accepted yet, in sentences; empty if nothing is missing. A policy
   * is complete under its owner's key, which only the accepting party knows: {@link #signedBy}.
   */
  public List<String> problems() {
    var result = new ArrayList<String>();
    for (var signature : signatures) {
      if (!SignatureKeys.verifies(
          signature.algorithm(), signature.key(), digest(), signature.signature())) {
        result.add(
            "the signature of key " + SignatureKeys.pin(signature.key()) + " does not verify");
      }
    }
    switch (kind) {
      case COMMITTEE -> {
        for (var party : CommitteeDocument.read(canonical).parties()) {
          if (!signedBy(party.owner())) {
            result.add("the owner of party " + party.name() + " has not signed");
          }
        }
      }
      case POLICY, TYPED_POLICY, LIST -> {
        if (signatures.isEmpty()) {
          result.add("nobody has signed");
        }
      }
    }
    return result;
  }

  /** The file's bytes, pretty-printed. */
  public byte[] toJson() {
    var file = JsonNodeFactory.instance.objectNode();
    file.set("document", StrictJson.object(canonical));
    var list = file.putArray("signatures");
    for (var signature : signatures) {
      list.addObject()
          .put("algorithm", signature.algorithm().label())
          .put("key", HexFormat.of().formatHex(signature.key()))
          .put("signature", HexFormat.of().formatHex(signature.signature()));
    }
    return (file.toPrettyString() + "\n").getBytes(UTF_8);
  }
}
