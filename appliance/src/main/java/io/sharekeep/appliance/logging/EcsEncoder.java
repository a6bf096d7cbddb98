package io.sharekeep.appliance.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Objects;

/**
 * One line of JSON per event, in names of the Elastic Common Schema. Everything is escaped, so no
 * text from outside can begin a line or a field of its own.
 */
public final class EcsEncoder extends EncoderBase<ILoggingEvent> {
  private static final String ECS_VERSION = "8.17.0";

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("@timestamp", event.getInstant().toString());
    json.put("log.level", event.getLevel().toString());
    json.put("message", event.getFormattedMessage());
    json.put("log.logger", event.getLoggerName());
    json.put("process.thread.name", event.getThreadName());
    json.put("ecs.version", ECS_VERSION);
    json.put("service.name", "sharekeep");
    var pairs = event.getKeyValuePairs();
    if (pairs != null) {
      for (var pair : pairs) {
        if (pair.value instanceof Long number) {
          json.put(pair.key, number);
        } else {
          json.put(pair.key, Objects.toString(pair.value));
        }
      }
    }
    var failure = event.getThrowableProxy();
    if (failure != null) {
      json.put("error.type", failure.getClassName());
      json.put("error.message", Objects.toString(failure.getMessage()));
      json.put("error.stack_trace", ThrowableProxyUtil.asString(failure));
    }
    return (json + "\n").getBytes(UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
