package io.sharekeep.enclave;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * RFC 8785 for the few shapes that are signed here: objects of strings, sorted by key. Numbers are
 * never written, so that their serialization needs no rule.
 */
final class CanonicalJson {
  private CanonicalJson() {}

  static byte[] of(SignRequest request) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("committee", request.committee());
    var expect = json.putObject("expect");
    new TreeMap<>(request.expect()).forEach(expect::put);
    json.put("keyId", request.keyId().hex());
    json.put("notAfter", request.notAfter().toString());
    request.path().ifPresent(path -> json.put("path", path));
    json.put("payloadSha256", request.payloadSha256());
    json.put("purpose", request.purpose());
    json.put("requestId", request.requestId());
    return bytes(json);
  }

  static byte[] of(KeyRequest request) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("committee", request.committee());
    json.put("keyId", request.keyId().hex());
    json.put("label", request.label());
    json.put("notAfter", request.notAfter().toString());
    var purposes = json.putArray("purposes");
    new TreeSet<>(request.purposes()).forEach(purposes::add);
    json.put("requestId", request.requestId());
    json.put("scheme", request.scheme().label());
    return bytes(json);
  }

  static byte[] digest(String domain, byte[] json) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(domain.getBytes(UTF_8));
      return sha256.digest(json);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(UTF_8);
  }
}
