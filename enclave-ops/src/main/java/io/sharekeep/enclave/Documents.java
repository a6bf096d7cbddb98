package io.sharekeep.enclave;

import java.util.List;
import java.util.Optional;

/**
 * The signed documents that this party holds.
 *
 * @param policyHash hex SHA-256 of the policy in force
 */
public record Documents(List<Committee> committees, String policyHash, String tenant) {
  public Documents {
    committees = List.copyOf(committees);
  }

  /**
   * @param hash hex SHA-256 of the document
   */
  public record Committee(String hash, String id, int threshold, List<Party> parties) {
    public Committee {
      parties = List.copyOf(parties);
    }

    public Optional<Party> party(int id) {
      return parties.stream().filter(p -> p.id() == id).findFirst();
    }
  }

  /**
   * @param url the base of its peer listener, {@code https://host:port}
   * @param identityPin hex SHA-256 of the SubjectPublicKeyInfo of its {@code identity} key
   * @param tlsPin likewise of its {@code tls} key
   * @param points the evaluation points that it owns
   */
  public record Party(
      int id, String name, String url, String identityPin, String tlsPin, List<Integer> points) {
    public Party {
      points = List.copyOf(points);
    }
  }
}
