package io.sharekeep.enclave.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
}
