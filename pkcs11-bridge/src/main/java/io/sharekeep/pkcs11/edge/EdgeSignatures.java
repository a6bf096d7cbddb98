package io.sharekeep.pkcs11.edge;

import io.sharekeep.pkcs11.terms.Digest;
import java.security.SignatureException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The few threads on which handshakes are signed. A native call pins its thread, so whatever thread
 * a handshake runs on waits here instead; and a flood of handshakes fills this queue, not the
 * token's.
 */
final class EdgeSignatures {
  private static final int THREADS = 2;
  private static final int WAITING = 256;
  private static final long SECONDS = 10;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofPlatform().daemon().name("edge-signature-", 0).factory());

  EdgeSignatures() {
    threads.allowCoreThreadTimeOut(true);
  }

  byte[] sign(TlsSigner signer, Digest digest) throws SignatureException {
    try {
      return threads.submit(() -> signer.signDer(digest)).get(SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      throw new SignatureException("too many handshakes at once");
    } catch (TimeoutException e) {
      throw new SignatureException("the edge token did not sign in time");
    } catch (ExecutionException e) {
      throw new SignatureException("the edge token did not sign", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SignatureException("interrupted");
    }
  }
}
