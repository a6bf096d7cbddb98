package io.sharekeep.pkcs11.sun;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.health.Canary;
import io.sharekeep.pkcs11.health.Deadline;
import io.sharekeep.pkcs11.profile.Identity;
import io.sharekeep.pkcs11.profile.Profiles;
import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.seal.SealFormat.Layout;
import io.sharekeep.pkcs11.sun.Clerk.Located;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import io.sharekeep.pkcs11.terms.TokenException.TokenAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import io.sharekeep.pkcs11.terms.TokenStatistics.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.stream.Collectors;

/**
 * A token through the JDK's SunPKCS11 provider. What the provider cannot do stands in the report's
 * limits; keys are made and looked at by a child process of the native backend.
 */
public final class SunToken implements Token {
  /** The provider logs a whole process in, so a token has one owner here too. */
  private static final Set<String> CLAIMED = new HashSet<>(); // guarded by itself

  private final TokenConfiguration configuration;
  private final Clerk clerk;
  private final Located located;
  private final Profiles.Chosen chosen;
  private final Canary canary = new Canary(this);
  private final SunCalls calls;
  private final Map<KeyName, KeyRef> found = new ConcurrentHashMap<>();
  private final Map<KeyRef, LongAdder> seals = new ConcurrentHashMap<>();
  private final Map<KeyRef, LongAdder> opens = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private SunToken(
      TokenConfiguration configuration, Clerk clerk, Located located, Profiles.Chosen chosen) {
    this.configuration = configuration;
    this.clerk = clerk;
    this.located = located;
    this.chosen = chosen;
    this.calls = new SunCalls(configuration, chosen.profile(), clerk, located, canary);
  }

  /**
   * See {@link io.sharekeep.pkcs11.Tokens#open}.
   *
   * @throws Unsupported if the token does not seal by AES-GCM under an IV of ours
   */
  public static SunToken open(TokenConfiguration configuration) {
    var clerk = new Clerk(configuration.library(), configuration.tokenLabel());
    var located = clerk.locate();
    var identity =
        new Identity(
            located.path().toString(),
            located.manufacturer(),
            located.model(),
            located.description(),
            located.version());
    var chosen = Profiles.choose(identity, configuration.library().profile());
    var profile = chosen.profile();
    boolean fits =
        switch (profile.aead()) {
          case GCM -> profile.suite() == SealSuite.GCM;
          case CBC_HMAC, RSA_OAEP_DEK, PROBE, NONE -> false;
        };
    if (!fits) {
      throw new Unsupported(
          located.label(),
          "sealing through this backend under profile " + profile.name() + "; use the native one");
    }
    claim(located);
    return new SunToken(configuration, clerk, located, chosen);
  }

  private static void claim(Located located) {
    synchronized (CLAIMED) {
      if (!CLAIMED.add(located.path() + " " + located.serial())) {
        throw new TokenAmbiguous(
            located.label(),
            "with serial "
                + located.serial()
                + " is already open in this process; core and edge must be two tokens");
      }
    }
  }

  @Override
  public int sealedSize(KeyRef kek, int plainLength) {
    return Layout.GCM_CALLER.blob(plainLength, chunk());
  }

  private int chunk() {
    return chosen.profile().gcm().maxChunk();
  }

  @Override
  public int openSlack(KeyRef kek) {
    return chosen.profile().slack();
  }

  @Override
  public int seal(KeyRef kek, MemorySegment plain, Aad aad, MemorySegment out) {
    requireNative("plain", plain);
    if (plain.byteSize() > MAX_PLAIN) {
      throw new IllegalArgumentException("a plaintext has at most " + MAX_PLAIN + " bytes");
    }
    int size = sealedSize(kek, (int) plain.byteSize());
    if (out.byteSize() < size) {
      throw new IllegalArgumentException("out has " + out.byteSize() + " bytes, needs " + size);
    }
    calls.run(
        Operation.SEAL,
        epoch -> {
          try (var arena = Arena.ofConfined()) {
            var format =
                SealFormat.fresh(
                    Layout.GCM_CALLER,
                    chunk(),
                    kek,
                    SunRandom.mixed(epoch, SealFormat.NONCE),
                    (int) plain.byteSize());
            seals.computeIfAbsent(kek, _ -> new LongAdder()).add(format.chunks());
            var target = arena.allocate(size);
            new SunSealing(epoch, kek, format, aad).seal(plain, target);
            out.asSlice(0, size).copyFrom(target);
            return size;
          }
        });
    canary.used(kek);
    return size;
  }

  @Override
  public int open(KeyRef kek, MemorySegment sealed, Aad aad, MemorySegment out) {
    requireNative("out", out);
    boolean opened = false;
    try {
      var format =
          SealFormat.read(Layout.GCM_CALLER, kek, sealed)
              .filter(header -> (long) header.total() + openSlack(kek) <= out.byteSize())
              .orElseThrow(SealRejected::new);
      opens.computeIfAbsent(kek, _ -> new LongAdder()).increment();
      calls.run(
          Operation.OPEN,
          epoch -> {
            try (var arena = Arena.ofConfined()) {
              var blob = arena.allocate(sealed.byteSize()).copyFrom(sealed);
              new SunSealing(epoch, kek, format, aad).open(blob, out);
              return true;
            }
          });
      opened = true;
      canary.used(kek);
      out.asSlice(format.total()).fill((byte) 0);
      return format.total();
    } finally {
      if (!opened) {
        out.fill((byte) 0);
      }
    }
  }

  @Override
  public byte[] sign(KeyRef key, Digest digest) {
    return calls.run(
        Operation.SIGN,
        epoch -> {
          if (!(epoch.key(key.name()) instanceof PrivateKey held)
              || !(epoch.certificate(key.name()).getPublicKey() instanceof ECKey curve)
              || curve.getParams().getOrder().bitLength() != 8 * digest.length()) {
            throw new IllegalArgumentException(
                "a digest of " + digest.length() + " bytes is not for key " + key);
          }
          var signer = Signature.getInstance("NONEwithECDSAinP1363Format", epoch.provider());
          signer.initSign(held);
          signer.update(digest.bytes());
          return signer.sign();
        });
  }

  @Override
  public void random(MemorySegment out) {
    requireNative("out", out);
    calls.run(
        Operation.RANDOM,
        epoch -> {
          SunRandom.fill(epoch, out);
          return true;
        });
  }

  @Override
  public KeyRef generate(KeySpec spec) {
    return calls.errand(
        Operation.GENERATE,
        pin -> {
          var key = clerk.generate(pin, spec);
          found.put(spec.name(), key);
          return key;
        });
  }

  @Override
  public Optional<KeyRef> find(KeyName name) {
    var known = Optional.ofNullable(found.get(name));
    return known.isPresent()
        ? known
        : calls.errand(
            Operation.FIND,
            pin -> {
              var key = clerk.find(pin, name);
              key.ifPresent(ref -> found.put(name, ref));
              return key;
            });
  }

  @Override
  public void destroy(KeyRef key) {
    calls.errand(
        Operation.DESTROY,
        pin -> {
          found.remove(key.name());
          canary.destroyed(key);
          clerk.destroy(pin, key);
          return true;
        });
  }

  @Override
  public PublicKeyBytes publicKey(KeyRef key) {
    return calls.run(
        Operation.PUBLIC_KEY,
        epoch -> PublicKeyBytes.of(epoch.certificate(key.name()).getPublicKey().getEncoded()));
  }

  @Override
  public KeyEvidence evidence(KeyRef key) {
    return calls.errand(Operation.EVIDENCE, pin -> clerk.evidence(pin, key));
  }

  @Override
  public TokenReport report() {
    var profile = chosen.profile();
    var limits =
        new ArrayList<>(
            List.of(
                TokenReport.PIN_ON_HEAP,
                TokenReport.EVIDENCE_BY_CHILD,
                TokenReport.NO_REINITIALISATION,
                TokenReport.RANDOM_MIXED));
    if (profile.measured().isEmpty()) {
      limits.add(TokenReport.PROFILE_UNMEASURED);
    }
    return new TokenReport(
        located.path(),
        located.sha256(),
        located.cryptoki(),
        located.libraryManufacturer(),
        located.description(),
        located.version(),
        located.label(),
        located.manufacturer(),
        located.model(),
        located.serial(),
        located.hardware(),
        located.firmware(),
        located.flags(),
        located.mechanisms(),
        new TokenReport.ProfileInForce(
            profile.name(), profile.title(), profile.measured(), profile.source(), chosen.why()),
        Backend.SUN,
        Optional.of(SealSuite.GCM),
        limits,
        sums(seals),
        calls.logins());
  }

  @Override
  public TokenStatistics statistics() {
    return calls.statistics(sums(opens));
  }

  private static Map<KeyRef, Long> sums(Map<KeyRef, LongAdder> counts) {
    return counts.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum()));
  }

  @Override
  public void login(PinSource pin) {
    calls.login(pin, Deadline.in(configuration.patience()));
  }

  @Override
  public void logout() {
    found.clear();
    calls.logout();
  }

  /** Held in writing, no call is inside. */
  ReadWriteLock lock() {
    return calls.lock();
  }

  @Override
  public TokenState state() {
    return calls.state();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        calls.close();
      } finally {
        synchronized (CLAIMED) {
          CLAIMED.remove(located.path() + " " + located.serial());
        }
      }
    }
  }

  @Override
  public String toString() {
    return "token '" + located.label() + "' of " + located.path() + " through SunPKCS11";
  }

  private static void requireNative(String name, MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(name + " must be native memory, never the heap");
    }
  }
}
