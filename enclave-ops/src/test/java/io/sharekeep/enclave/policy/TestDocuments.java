package io.sharekeep.enclave.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.Signer;
import java.util.ArrayList;
import java.util.List;

/** Documents that the tests bend. */
public final class TestDocuments {
  private TestDocuments() {}

  /** Party i of the list owns {@code points.get(i)}; keys are fresh. */
  public static String committee(int threshold, List<List<Integer>> points, List<Signer> owners) {
    var parties = new ArrayList<String>();
    for (int i = 0; i < points.size(); i++) {
      parties.add(
          party(
              i + 1, Signer.p256().hex(), Signer.p256().hex(), owners.get(i).hex(), points.get(i)));
    }
    return committee(threshold, parties);
  }

  public static String committee(int threshold, List<String> parties) {
    return """
    {"apiVersion":"sharekeep.committee/v1","tenant":"acme","id":"c","threshold":%d,\
    "network":"regtest","parties":[%s]}\
    """
        .formatted(threshold, String.join(",", parties));
  }

  public static String party(
      int id, String identity, String log, String owner, List<Integer> points) {
    String two = "%02x".formatted(id);
    return """
    {"id":%d,"name":"p%d","url":"https://127.0.0.1:%d","identity":"%s","log":"%s","tls":"%s",\
    "owner":"%s","recoveryRecipient":"%s","points":%s}\
    """
        .formatted(id, id, 9000 + id, identity, log, two.repeat(32), owner, two.repeat(32), points);
  }

  public static String policy(String party, Signer service, Signer admin, List<String> committees) {
    return """
    {"apiVersion":"sharekeep.policy/v1","tenant":"acme","id":"main","party":"%s","version":1,\
    "people":{"ada":{"keys":[{"algorithm":"%s","key":"%s"}],"tls":["%s"]}},\
    "services":{"svc":{"keys":[{"algorithm":"%s","key":"%s"}],"tls":[]}},\
    "committees":[%s],"roles":{"administrator":["ada"],"initiator":["svc"]},\
    "allow":[{"id":"pay","initiator":["svc"],"keys":["*"],"purposes":["btc.tx","evm.tx","sol.tx"]}]}\
    """
        .formatted(
            party,
            admin.algorithm().label(),
            admin.hex(),
            "aa".repeat(32),
            service.algorithm().label(),
            service.hex(),
            String.join(",", committees.stream().map(c -> '"' + c + '"').toList()));
  }

  public static DocumentFile file(String json) {
    return switch (DocumentFile.parse(json.getBytes(UTF_8))) {
      case DocumentFile.Parsed.Document document -> document.file();
      case DocumentFile.Parsed.Malformed malformed -> throw new AssertionError(malformed.reason());
    };
  }
}
