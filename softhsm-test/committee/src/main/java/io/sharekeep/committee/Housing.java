package io.sharekeep.committee;

import io.sharekeep.softhsm.SoftHsmTokens;
import java.util.List;
import java.util.Optional;

/** Where appliances run. */
interface Housing {
  /** The command, seeing those tokens. */
  Sharekeep sharekeep(SoftHsmTokens tokens);

  /**
   * @param settings {@code SETTING=VALUE} that go before the member's configuration
   */
  void start(Member member, List<String> settings);

  void stop(Member member);

  void kill(Member member);

  /** The process of an appliance that has one of its own and runs. */
  Optional<ProcessHandle> process(Member member);

  /** The exit code of an appliance that is not running any more. */
  Optional<Integer> ended(Member member);
}
