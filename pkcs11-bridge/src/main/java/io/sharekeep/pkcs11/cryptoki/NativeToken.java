package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.health.Canary;
import io.sharekeep.pkcs11.health.Health;
import io.sharekeep.pkcs11.health.Locks;
import io.sharekeep.pkcs11.health.Pulse;
import io.sharekeep.pkcs11.profile.Identity;
import io.sharekeep.pkcs11.profile.Profile;
import io.sharekeep.pkcs11.profile.Profiles;
import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyClass;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.KeyExists;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import io.sharekeep.pkcs11.terms.TokenException.TokenAbsent;
import io.sharekeep.pkcs11.terms.TokenException.TokenAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.Unavailable;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import io.sharekeep.pkcs11.terms.TokenStatistics.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** A token through the C functions of its library. */
public final class NativeToken implements Token {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Library library;
  private final TokenInfo info;
  private final Profiles.Chosen chosen;
  private final Health health;
  private final Login login;
  private final Calls calls;
  private final Canary canary = new Canary(this);
  private final Pulse pulse;
  private final LongAdder logins = new LongAdder();
  private final Map<KeyRef, LongAdder> seals = new ConcurrentHashMap<>();
  private final Map<KeyRef, LongAdder> opens = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Settled at login where the profile leaves it to a trial. */
  private volatile Profile profile;

  private volatile Optional<Sealing> sealing;

  private NativeToken(
      TokenConfiguration configuration, Library library, TokenInfo info, Profiles.Chosen chosen) {
    this.library = library;
    this.info = info;
    this.chosen = chosen;
    this.profile = chosen.profile();
    this.sealing = Optional.empty();
    settle(profile);
    this.health = new Health(profile.callTimeout());
    this.login = new Login(library, info.label(), info.serial(), profile, health);
    this.calls =
        new Calls(
            info.label(),
            library,
            login,
            profile.loss(),
            health,
            permits(configuration.permits()),
            configuration.patience());
    this.pulse = new Pulse(info.label(), calls, canary, health, configuration.pulse());
  }

  /** See {@link io.sharekeep.pkcs11.Tokens#open}. */
  public static NativeToken open(TokenConfiguration configuration) {
    return open(configuration, Library.acquire(configuration.library()));
  }

  /**
   * Finds the token in a library that is in use.
   *
   * @param library is let go of by {@link #close}, or here on failure
   */
  static NativeToken open(TokenConfiguration configuration, Library library) {
    try {
      var info = locate(configuration, library);
      var chosen = Profiles.choose(identity(library, info), configuration.library().profile());
      library.claim(info.label(), info.serial());
      return new NativeToken(configuration, library, info, chosen);
    } catch (CkException e) {
      library.release();
      throw new Unavailable(configuration.tokenLabel(), String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      library.release();
      throw e;
    }
  }

  private static Identity identity(Library library, TokenInfo info) {
    try (var arena = Arena.ofConfined()) {
      var about = arena.allocate(Layouts.INFO_SIZE, 8);
      library.functions().info(about);
      return new Identity(
          library.file().path().toString(),
          info.manufacturer(),
          info.model(),
          TokenInfo.text(about, Layouts.INFO_DESCRIPTION, 32),
          TokenInfo.version(about, Layouts.INFO_LIBRARY_VERSION));
    }
  }

  private void settle(Profile as) {
    profile = as;
    sealing =
        switch (as.aead()) {
          case PROBE, NONE -> Optional.empty();
          case GCM, CBC_HMAC, RSA_OAEP_DEK -> Optional.of(Sealing.of(as));
        };
  }

  private static TokenInfo locate(TokenConfiguration configuration, Library library) {
    var label = configuration.tokenLabel();
    long generation = library.generation();
    var present = tokens(configuration, library);
    if (present.stream().noneMatch(token -> token.label().equals(label))) {
      // A library that was up before this token was made may not look again by itself.
      library.reinitialize(generation, configuration.patience());
      present = tokens(configuration, library);
    }
    var ours = present.stream().filter(token -> token.label().equals(label)).toList();
    if (ours.isEmpty()) {
      throw new TokenAbsent(label, present.stream().map(TokenInfo::label).sorted().toList());
    }
    if (ours.size() > 1) {
      throw new TokenAmbiguous(
          label, "is the label of " + ours.size() + " tokens; give each a label of its own");
    }
    return ours.getFirst();
  }

  private static List<TokenInfo> tokens(TokenConfiguration configuration, Library library) {
    if (!Locks.within(library.lock().readLock(), configuration.patience())) {
      throw new Unavailable(configuration.tokenLabel(), "its library hangs in another call");
    }
    try {
      return Slots.tokens(library.functions());
    } finally {
      library.lock().readLock().unlock();
    }
  }

  /** One session is the anchor and one may be read-write; 0 and −1 mean unknown or no limit. */
  private int permits(int wanted) {
    long most = info.maxSessions();
    int ours = profile.sessions().max();
    if (ours > 0 && (most <= 0 || ours < most)) {
      most = ours;
    }
    return most > 2 && most < wanted + 2L ? (int) most - 2 : wanted;
  }

  @Override
  public int sealedSize(KeyRef kek, int plainLength) {
    var way = sealing();
    return way.layout().blob(plainLength, way.chunk());
  }

  @Override
  public int openSlack(KeyRef kek) {
    return profile.slack();
  }

  private Sealing sealing() {
    return sealing.orElseThrow(() ->
        new Unsupported(
            info.label(),
            profile.aead() == Profile.Aead.NONE
                ? "sealing, as its profile says"
                : "sealing before it was shown at login that it can"));
  }

  @Override
  public int seal(KeyRef kek, MemorySegment plain, Aad aad, MemorySegment out) {
    requireNative("plain", plain);
    if (plain.byteSize() > MAX_PLAIN) {
      throw new IllegalArgumentException("a plaintext has at most " + MAX_PLAIN + " bytes");
    }
    var way = sealing();
    int size = way.layout().blob((int) plain.byteSize(), way.chunk());
    if (out.byteSize() < size) {
      throw new IllegalArgumentException("out has " + out.byteSize() + " bytes, needs " + size);
    }
    calls.run(
        Operation.SEAL,
        Calls.Kind.READ,
        session -> {
          try (var arena = Arena.ofConfined();
              var source = Reach.reading(plain, profile.bounce())) {
            var target = out.isNative() ? out.asSlice(0, size) : arena.allocate(size);
            var nonce = Sealing.mixed(session, arena.allocate(SealFormat.NONCE));
            var format =
                SealFormat.fresh(
                    way.layout(),
                    way.chunk(),
                    kek,
                    nonce.toArray(ValueLayout.JAVA_BYTE),
                    (int) plain.byteSize());
            count(seals, kek, format.chunks());
            target.copyFrom(MemorySegment.ofArray(format.header()));
            way.seal(Sealing.Call.of(session, arena, kek, format, aad), source.bytes(), target);
            if (!out.isNative()) {
              out.asSlice(0, size).copyFrom(target);
            }
          } catch (Unsupported e) {
            out.asSlice(0, size).fill((byte) 0); // a token whose IV is never to be trusted
            throw e;
          }
          return true;
        });
    canary.used(kek);
    return size;
  }

  @Override
  public int open(KeyRef kek, MemorySegment sealed, Aad aad, MemorySegment out) {
    requireNative("out", out);
    boolean opened = false;
    try {
      var way = sealing();
      var format =
          SealFormat.read(way.layout(), kek, sealed)
              .filter(header -> (long) header.total() + profile.slack() <= out.byteSize())
              .orElseThrow(SealRejected::new);
      count(opens, kek, 1);
      calls.run(
          Operation.OPEN,
          Calls.Kind.READ,
          session -> {
            try (var arena = Arena.ofConfined();
                var target = Reach.writing(out, profile.bounce())) {
              way.open(
                  Sealing.Call.of(session, arena, kek, format, aad),
                  reachable(arena, sealed),
                  target.bytes());
              target.deliver(format.total());
            }
            return true;
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
    return inArena(
        Operation.SIGN,
        Calls.Kind.READ,
        (session, arena) -> Signing.sign(session, arena, profile, key, digest));
  }

  @Override
  public void random(MemorySegment out) {
    requireNative("out", out);
    calls.run(
        Operation.RANDOM,
        Calls.Kind.READ,
        session -> {
          if (profile.mixedRandom()) {
            Sealing.mixed(session, out);
          } else {
            session.functions().generateRandom(session.handle(), out);
          }
          return true;
        });
  }

  @Override
  public KeyRef generate(KeySpec spec) {
    if (spec.kind() == KeySpec.Kind.SEALING_AES_256) {
      sealing(); // refuses before anything is made
    }
    if (find(spec.name()).isPresent()) {
      throw new KeyExists(info.label(), spec.name());
    }
    var id = new byte[KeyRef.ID_LENGTH];
    RANDOM.nextBytes(id);
    var key = KeyRef.of(spec.name(), id);
    return inArena(
        Operation.GENERATE,
        Calls.Kind.WRITE_ONCE,
        (session, arena) -> {
          new KeyMaker(session, arena, profile).make(spec.kind(), key);
          return key;
        });
  }

  @Override
  public Optional<KeyRef> find(KeyName name) {
    var object = onToken(name);
    return inArena(
        Operation.FIND,
        Calls.Kind.READ,
        (session, arena) -> {
          var found = session.objects(arena, Templates.naming(arena, object).build());
          if (found.size() > 1) {
            throw new KeyAmbiguous(info.label(), name);
          }
          return found.stream()
              .findFirst()
              .map(handle ->
                  session
                      .objects()
                      .value(arena, handle, Attribute.ID)
                      .filter(id -> id.length == KeyRef.ID_LENGTH)
                      .map(id -> KeyRef.of(name, id))
                      .orElseThrow(() -> new KeyAmbiguous(info.label(), name)));
        });
  }

  /** Sealing keys may be other objects than their name says. */
  private KeyName onToken(KeyName name) {
    return sealing.map(way -> SealingKeys.onToken(name, way.layout().suite())).orElse(name);
  }

  @Override
  public void destroy(KeyRef key) {
    calls.destroyed(key);
    canary.destroyed(key);
    var object = new KeyRef(onToken(key.name()), key.id());
    inArena(
        Operation.DESTROY,
        Calls.Kind.WRITE,
        (session, arena) -> {
          for (var beside :
              List.of(
                  Templates.namingPublicHalf(arena, object),
                  Templates.namingCertificate(arena, object),
                  Templates.naming(arena, SealingKeys.mac(key)))) {
            destroyAll(session, session.objects().matching(arena, beside));
          }
          destroyAll(session, session.objects(arena, Templates.naming(arena, object)));
          session.handles().keySet().removeAll(List.of(key, object, SealingKeys.mac(key)));
          return true;
        });
    calls.destroyed(key);
  }

  private static void destroyAll(Session session, List<Long> objects) {
    for (long object : objects) {
      session.functions().destroyObject(session.handle(), object);
    }
  }

  @Override
  public PublicKeyBytes publicKey(KeyRef key) {
    return inArena(
        Operation.PUBLIC_KEY,
        Calls.Kind.READ,
        (session, arena) ->
            session
                .key(arena, key)
                .curve()
                .flatMap(curve -> Signing.publicKey(session, arena, profile, key, curve))
                .orElseThrow(() -> new KeyMissing(info.label(), "public half of " + key)));
  }

  @Override
  public KeyEvidence evidence(KeyRef key) {
    if (key.name().keyClass() == KeyClass.SECRET) {
      sealing(); // what a key must be depends on how it seals
    }
    return inArena(
        Operation.EVIDENCE,
        Calls.Kind.WRITE,
        (session, arena) -> new EvidenceReader(session, arena, profile, key).read());
  }

  /**
   * Puts a certificate beside a signing key, under its label and id, in place of any that is there.
   * The SunPKCS11 provider sees no private key without one.
   */
  public void certify(KeyRef key, X509Certificate certificate) {
    inArena(
        Operation.GENERATE,
        Calls.Kind.WRITE_ONCE,
        (session, arena) -> {
          destroyAll(
              session, session.objects().matching(arena, Templates.namingCertificate(arena, key)));
          byte[] encoded;
          try {
            encoded = certificate.getEncoded();
          } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the certificate has no encoding", e);
          }
          var serial = certificate.getSerialNumber().toByteArray();
          var derSerial = new byte[2 + serial.length];
          derSerial[0] = 0x02;
          derSerial[1] = (byte) serial.length; // at most 20 bytes, RFC 5280 section 4.1.2.2
          System.arraycopy(serial, 0, derSerial, 2, serial.length);
          session
              .functions()
              .createObject(
                  session.handle(),
                  Templates.certificate(
                      arena,
                      key,
                      certificate.getSubjectX500Principal().getEncoded(),
                      certificate.getIssuerX500Principal().getEncoded(),
                      derSerial,
                      encoded),
                  arena.allocate(ValueLayout.JAVA_LONG));
          return true;
        });
  }

  @Override
  public TokenReport report() {
    try {
      return calls.reading(this::describe);
    } catch (CkException e) {
      throw new Unavailable(info.label(), String.valueOf(e.getMessage()));
    }
  }

  private TokenReport describe() {
    try (var arena = Arena.ofConfined()) {
      var about = arena.allocate(Layouts.INFO_SIZE, 8);
      library.functions().info(about);
      var now =
          Slots.tokens(library.functions()).stream()
              .filter(token ->
                  token.label().equals(info.label()) && token.serial().equals(info.serial()))
              .findFirst()
              .orElseThrow(() -> new CkException("C_GetSlotList", Ck.TOKEN_NOT_PRESENT));
      return new TokenReport(
          library.file().path(),
          library.file().sha256(),
          TokenInfo.version(about, Layouts.INFO_VERSION),
          TokenInfo.text(about, Layouts.INFO_MANUFACTURER, 32),
          TokenInfo.text(about, Layouts.INFO_DESCRIPTION, 32),
          TokenInfo.version(about, Layouts.INFO_LIBRARY_VERSION),
          now.label(),
          now.manufacturer(),
          now.model(),
          now.serial(),
          now.hardwareVersion(),
          now.firmwareVersion(),
          now.flags(),
          Slots.mechanisms(library.functions(), now.slot()),
          new TokenReport.ProfileInForce(
              profile.name(), profile.title(), profile.measured(), profile.source(), chosen.why()),
          Backend.NATIVE,
          sealing.map(way -> way.layout().suite()),
          limits(),
          sums(seals),
          login.epoch().number());
    }
  }

  private List<String> limits() {
    var limits = new ArrayList<String>();
    if (profile.measured().isEmpty()) {
      limits.add(TokenReport.PROFILE_UNMEASURED);
    }
    if (profile.mixedRandom()) {
      limits.add(TokenReport.RANDOM_MIXED);
    }
    var suite = sealing.map(way -> way.layout().suite());
    if (suite.equals(Optional.of(SealSuite.CBC_HMAC))
        || suite.equals(Optional.of(SealSuite.RSA_OAEP_GCM))) {
      limits.add(TokenReport.DEGRADED_SEAL);
    }
    return limits;
  }

  @Override
  public TokenStatistics statistics() {
    long relogins = Math.max(0, login.epoch().number() - logins.sum());
    return new TokenStatistics(
        calls.permits().inUse(),
        calls.permits().number(),
        calls.permits().waiting(),
        calls.meters().latencies(),
        health.losses(),
        relogins,
        library.reinitialisations(),
        health.without(),
        sums(opens));
  }

  private static Map<KeyRef, Long> sums(Map<KeyRef, LongAdder> counts) {
    return counts.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum()));
  }

  @Override
  public void login(PinSource pin) {
    try {
      calls.writing(() -> {
        login.enter(pin);
        logins.increment();
        return true;
      });
    } catch (CkException e) {
      throw new Unavailable(info.label(), String.valueOf(e.getMessage()));
    }
    if (needsTrial()) {
      tryOut();
    }
  }

  /** What nobody has described, and a token that makes IVs, are tried before they are trusted. */
  private boolean needsTrial() {
    return switch (profile.aead()) {
      case PROBE -> true;
      case GCM -> !(profile.gcm().iv() instanceof Profile.IvMode.Caller);
      case CBC_HMAC, RSA_OAEP_DEK, NONE -> false;
    };
  }

  private void tryOut() {
    var asked = profile;
    var reasons = new ArrayList<String>();
    for (var aead :
        asked.aead() == Profile.Aead.PROBE
            ? List.of(Profile.Aead.GCM, Profile.Aead.CBC_HMAC, Profile.Aead.RSA_OAEP_DEK)
            : List.of(asked.aead())) {
      try {
        settle(asked.sealing(aead));
        var failures =
            Trial.of(this).sealing().stream().filter(outcome -> !outcome.passed()).toList();
        if (failures.isEmpty()) {
          return;
        }
        failures.forEach(outcome -> reasons.add(aead + ": " + outcome));
      } catch (TokenException | IllegalStateException e) {
        reasons.add(aead + ": " + e.getMessage());
      }
    }
    settle(asked.sealing(Profile.Aead.NONE));
    logout();
    var why = "safe sealing: " + String.join("; ", reasons);
    health.base(new Health.Base.Failed("the token does not support " + why));
    throw new Unsupported(info.label(), why);
  }

  @Override
  public void logout() {
    calls.writing(() -> {
      login.leave();
      return true;
    });
  }

  @Override
  public TokenState state() {
    return health.state();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      pulse.close();
      try {
        logout();
      } finally {
        library.disclaim(info.serial());
        library.release();
      }
    }
  }

  @Override
  public String toString() {
    return "token '" + info.label() + "' of " + library.file().path();
  }

  private interface Work<R> {
    R in(Session session, Arena arena);
  }

  private <R> R inArena(Operation operation, Calls.Kind kind, Work<R> work) {
    return calls.run(
        operation,
        kind,
        session -> {
          try (var arena = Arena.ofConfined()) {
            return work.in(session, arena);
          }
        });
  }

  private static void count(Map<KeyRef, LongAdder> counts, KeyRef kek, long uses) {
    counts.computeIfAbsent(kek, _ -> new LongAdder()).add(uses);
  }

  /** The token reads native memory only; a blob is no secret, so a heap one is copied. */
  private static MemorySegment reachable(Arena arena, MemorySegment segment) {
    return segment.isNative() ? segment : arena.allocate(segment.byteSize()).copyFrom(segment);
  }

  private static void requireNative(String name, MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(name + " must be native memory, never the heap");
    }
  }
}
