package io.sharekeep.enclave.store;

import io.sharekeep.enclave.KeyId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How often signers of an ECDSA key came to no signature together without anybody being caught
 * (protocols, section 4.7). A row goes with its key record, or when a pair of its signers has made
 * its secrets anew.
 */
public final class SignerSets {
  private final String tenant;

  public SignerSets(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param signers ascending, this party included
   * @param failures at least 1
   */
  public record SetRow(KeyId keyId, long epoch, List<Integer> signers, int failures) {
    public SetRow {
      signers = List.copyOf(signers);
    }
  }

  /** Counts one more failure. */
  public SetRow failed(Transaction tx, KeyId keyId, long epoch, List<Integer> signers) {
    tx.update(
        "insert into signer_set (tenant, key_id, epoch, signers, failures) values (?, ?, ?, ?, 1)"
            + " on conflict do update set failures = failures + 1",
        tenant,
        keyId.hex(),
        epoch,
        text(signers));
    int failures =
        tx.first(
                "select failures from signer_set where key_id = ? and epoch = ? and signers = ?",
                row -> row.getInt(1),
                keyId.hex(),
                epoch,
                text(signers))
            .orElseThrow();
    return new SetRow(keyId, epoch, signers, failures);
  }

  /** Those signers begin anew. */
  public void forget(Transaction tx, SetRow row) {
    tx.update(
        "delete from signer_set where tenant = ? and key_id = ? and epoch = ? and signers = ?",
        tenant,
        row.keyId().hex(),
        row.epoch(),
        text(row.signers()));
  }

  public List<SetRow> all(Reading from) {
    return from.all(
        "select key_id, epoch, signers, failures from signer_set where tenant = ?"
            + " order by key_id, epoch, signers",
        row ->
            new SetRow(
                new KeyId(row.getString(1)),
                row.getLong(2),
                Arrays.stream(row.getString(3).split(",")).map(Integer::valueOf).toList(),
                row.getInt(4)),
        tenant);
  }

  private static String text(List<Integer> signers) {
    return signers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
