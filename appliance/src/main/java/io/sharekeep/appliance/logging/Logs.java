package io.sharekeep.appliance.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up logging in code, so that no file on the class path can turn it into something else. Until
 * the daemon says otherwise only warnings appear, on standard error: the output of commands is
 * theirs.
 */
public final class Logs extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    install(context, "System.err", Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * What the daemon logs, to standard output.
   *
   * @param level {@code error}, {@code warn}, {@code info} or {@code debug}
   */
  public static void daemon(String level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      install(context, "System.out", Level.toLevel(level, Level.INFO));
    }
  }

  private static void install(LoggerContext context, String target, Level level) {
    context.reset();
    var encoder = new EcsEncoder();
    encoder.setContext(context);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setTarget(target);
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    // Libraries log request data at debug level; only our own packages follow the setting.
    context.getLogger("io.sharekeep").setLevel(level);
  }
}
