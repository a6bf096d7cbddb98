package io.sharekeep.committee;

import io.sharekeep.appliance.Appliance;
import io.sharekeep.appliance.config.ConfigurationFile;
import io.sharekeep.softhsm.SoftHsmTokens;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All appliances in this JVM, each with listeners, tokens and state of its own. */
final class OneJvm implements Housing {
  private final Map<Integer, Appliance> running = new ConcurrentHashMap<>();

  @Override
  public Sharekeep sharekeep(SoftHsmTokens tokens) {
    return new InThisJvm();
  }

  @Override
  public void start(Member member, List<String> settings) {
    var before = new HashMap<String, String>();
    for (var setting : settings) {
      int equals = setting.indexOf('=');
      before.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    var configuration = ConfigurationFile.read(member.configuration(), Map.of(), before);
    if (running.putIfAbsent(member.party(), Appliance.start(configuration)) != null) {
      throw new IllegalStateException(member.name() + " was running already");
    }
  }

  @Override
  public void stop(Member member) {
    var appliance = running.remove(member.party());
    if (appliance != null) {
      appliance.close();
    }
  }

  @Override
  public void kill(Member member) {
    throw new IllegalStateException("only a process can be killed");
  }

  @Override
  public Optional<ProcessHandle> process(Member member) {
    return Optional.empty();
  }

  @Override
  public Optional<Integer> ended(Member member) {
    return running.containsKey(member.party()) ? Optional.empty() : Optional.of(0);
  }
}
