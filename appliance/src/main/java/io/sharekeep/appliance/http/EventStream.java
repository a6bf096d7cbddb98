package io.sharekeep.appliance.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.appliance.peer.Progress;
import io.sharekeep.appliance.peer.Progress.Event;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The progress of one request as server-sent events (WHATWG HTML, section 9.2), until it ends. What
 * the reader has not taken yet stays in {@link Progress}, so a slow one costs no memory. All but
 * {@link #news} runs on the connection's event loop.
 */
final class EventStream {
  static final String MEDIA_TYPE = "text/event-stream";

  /** Of one listener. */
  static final int STREAMS = 64;

  private final Progress progress;
  private final String requestId;
  private final Semaphore places;
  private final Duration heartbeat;
  private final Duration longest;
  private final AtomicBoolean told = new AtomicBoolean();
  private final Runnable news = this::news;
  private int sent;
  private boolean over;

  /**
   * @param sent how many events the reader has had before
   * @param places of which one is held already, and given back at the end
   */
  EventStream(
      Progress progress,
      String requestId,
      int sent,
      Semaphore places,
      Duration heartbeat,
      Duration longest) {
    this.progress = progress;
    this.requestId = requestId;
    this.sent = sent;
    this.places = places;
    this.heartbeat = heartbeat;
    this.longest = longest;
  }

  private record Line(Vertx vertx, Context loop, HttpServerResponse response, Runnable ended) {}

  @org.jspecify.annotations.Nullable private Line line;

  private long timer;

  /**
   * Begins, on the event loop, with a response whose headers are set.
   *
   * @param ended told once, when nothing more is written
   */
  void start(Vertx vertx, Context loop, HttpServerResponse response, Runnable ended) {
    var open = new Line(vertx, loop, response, ended);
    line = open;
    long end = System.nanoTime() + longest.toNanos();
    response.closeHandler(_ -> stop(open));
    response.exceptionHandler(_ -> stop(open));
    timer =
        vertx.setPeriodic(
            heartbeat.toMillis(),
            _ -> {
              if (System.nanoTime() > end || response.writeQueueFull()) {
                finish(open); // it may come again, with the number of the last event that it had
              } else {
                var _ = response.write(":\n\n");
              }
            });
    progress.watch(requestId, news);
    var _ = response.write(":\n\n"); // the reader knows that it is heard
    push(open);
  }

  /** Never began, so that its place is free. */
  void abandon() {
    places.release();
  }

  private void news() {
    var open = line;
    if (open != null && !told.getAndSet(true)) {
      var _ = Listeners.post(open.loop(), () -> push(open));
    }
  }

  private void push(Line open) {
    told.set(false);
    while (!over) {
      if (open.response().writeQueueFull()) {
        open.response().drainHandler(_ -> push(open));
        return;
      }
      var events = progress.after(requestId, sent);
      if (events.isEmpty()) {
        return;
      }
      var event = events.getFirst();
      sent++;
      var _ = open.response().write(text(event));
      if (event instanceof Event.Ended) {
        finish(open);
      }
    }
  }

  private void finish(Line open) {
    if (!over) {
      var _ = open.response().end();
      stop(open);
    }
  }

  private void stop(Line open) {
    if (!over) {
      over = true;
      progress.unwatch(requestId, news);
      open.vertx().cancelTimer(timer);
      places.release();
      open.ended().run();
    }
  }

  private String text(Event event) {
    var name =
        switch (event) {
          case Event.Begun _ -> "session";
          case Event.Step _ -> "round";
          case Event.Ended _ -> "end";
        };
    return "id: " + sent + "\nevent: " + name + "\ndata: " + json(event) + "\n\n";
  }

  private static ObjectNode json(Event event) {
    var json = JsonNodeFactory.instance.objectNode();
    switch (event) {
      case Event.Begun(int rounds, var parties) -> {
        json.put("rounds", rounds);
        parties.forEach(json.putArray("parties")::add);
      }
      case Event.Step(int round, int party, var stage) ->
          json.put("round", round)
              .put("party", party)
              .put("stage", stage.name().toLowerCase(Locale.ROOT));
      case Event.Ended(var word) -> json.put("end", word);
    }
    return json;
  }
}
