package io.sharekeep.enclave.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.json.MalformedJson;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ListingTest {
  private static ObjectNode list() {
    return Policies.parsed(
        """
        {"apiVersion": "sharekeep.list/v1", "tenant": "acme", "name": "exchanges",
         "type": "destinations", "version": 1, "issued": "2027-01-01T00:00:00Z",
         "entries": [{"address": "eip155:1:%s", "note": "desk"},
                     {"address": "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:Abc", "since": "2027-01-02T00:00:00Z"}]}
        """
            .formatted(Policies.EXCHANGE));
  }

  @Test
  void addressesAreReadInTheirOneSpelling() {
    var list = Listing.read(list());
    assertEquals(
        Instant.parse("2027-01-01T00:00:00Z"),
        list.since().get(Facts.canonical(Policies.ETHEREUM, Policies.EXCHANGE)));
    assertEquals(
        Instant.parse("2027-01-02T00:00:00Z"),
        list.since().get("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:Abc"));
  }

  @Test
  void oneAddressInTwoSpellingsIsRefused() {
    var json = list();
    json.withArray("entries")
        .addObject()
        .put("address", "eip155:1:" + Policies.EXCHANGE.toLowerCase(java.util.Locale.ROOT));
    var problem = assertThrows(MalformedJson.class, () -> Listing.read(json));
    assertEquals("entries[2].address", problem.path());
  }

  @Test
  void aScreeningListSaysWhenItGoesStale() {
    var json = list();
    json.put("type", "screening");
    assertEquals("expires", assertThrows(MalformedJson.class, () -> Listing.read(json)).path());
  }

  /** As long as a list may be, unlike any other document. */
  @Test
  void tenThousandAddressesAreOneList() {
    var json = list();
    var entries = json.putArray("entries");
    for (int i = 0; i < 10_000; i++) {
      entries.addObject().put("address", "eip155:1:0x%040x".formatted(i));
    }
    byte[] bytes = json.toString().getBytes(UTF_8);
    assertTrue(bytes.length > DocumentFile.MAX_BYTES);
    var parsed = assertInstanceOf(DocumentFile.Parsed.Document.class, DocumentFile.parse(bytes));
    assertEquals(DocumentFile.Kind.LIST, parsed.file().kind());

    var policy = Policies.treasury().toString();
    var padded = policy + " ".repeat(DocumentFile.MAX_BYTES - policy.length());
    assertInstanceOf(
        DocumentFile.Parsed.Document.class, DocumentFile.parse(padded.getBytes(UTF_8)));
    assertInstanceOf(
        DocumentFile.Parsed.Malformed.class, DocumentFile.parse((padded + " ").getBytes(UTF_8)));
    var list = new String(bytes, UTF_8);
    var longest = list + " ".repeat(DocumentFile.MAX_LIST_BYTES - list.length());
    assertInstanceOf(
        DocumentFile.Parsed.Document.class, DocumentFile.parse(longest.getBytes(UTF_8)));
    assertInstanceOf(
        DocumentFile.Parsed.Malformed.class, DocumentFile.parse((longest + " ").getBytes(UTF_8)));
  }
}
