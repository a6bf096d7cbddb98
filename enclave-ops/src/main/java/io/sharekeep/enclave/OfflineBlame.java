package io.sharekeep.enclave;

import io.sharekeep.enclave.session.BlameJudge;
import java.util.List;

/**
 * A report about parties that made a session fail, judged on files alone by whoever was not there
 * (protocols, section 7.6). It holds nothing and changes nothing.
 *
 * @param accuser party id
 * @param fault as in the outcome of the request
 * @param session hex: the hash of its context
 * @param accused what the report is worth against each; none where it names nobody
 */
public record OfflineBlame(int accuser, String fault, String session, List<Accused> accused) {
  public OfflineBlame {
    accused = List.copyOf(accused);
  }

  /**
   * @param party id
   * @param finding {@code proved}, {@code conditional}, {@code word} or {@code unfounded}
   * @param sentence why, for people
   */
  public record Accused(int party, String finding, String sentence) {}

  /** Whether every accusation is proved by the signed messages alone, and there is one. */
  public boolean provesAll() {
    return !accused.isEmpty() && accused.stream().allMatch(one -> one.finding().equals("proved"));
  }

  /** What became of a report. */
  public sealed interface Judgement {
    record Judged(OfflineBlame blame) implements Judgement {}

    /** It is not what a party of that committee signed: worth nothing. */
    record Rejected(String reason) implements Judgement {}
  }

  /**
   * Judges.
   *
   * @param report as {@link Enclave#blame} gave it
   * @param committee the reader's own document: its signatures are the caller's to check
   */
  public static Judgement judge(byte[] report, DocumentFile committee) {
    return BlameJudge.judge(report, committee);
  }
}
