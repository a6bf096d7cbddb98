package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.KeyExists;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import io.sharekeep.pkcs11.terms.TokenException.TokenAbsent;
import io.sharekeep.pkcs11.terms.TokenException.TokenAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.Unavailable;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.pkcs11.terms.TokenState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
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

  private final TokenConfiguration configuration;
  private final Library library;
  private final TokenInfo info;
  private final Login login;
  private final Calls calls;
  private final Map<KeyRef, LongAdder> seals = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private NativeToken(TokenConfiguration configuration, Library library, TokenInfo info) {
    this.configuration = configuration;
    this.library = library;
    this.info = info;
    this.login = new Login(library, info.label(), info.serial());
    this.calls =
        new Calls(
            info.label(),
            library,
            login,
            permits(configuration.permits(), info.maxSessions()),
            configuration.patience());
  }

  /** See {@link io.sharekeep.pkcs11.Tokens#open}. */
  public static NativeToken open(TokenConfiguration configuration) {
    return open(
        configuration, Library.acquire(configuration.library(), configuration.librarySha256()));
  }

  /**
   * Finds the token in a library that is in use.
   *
   * @param library is let go of by {@link #close}, or here on failure
   */
  static NativeToken open(TokenConfiguration configuration, Library library) {
    try {
      var info = locate(configuration, library);
      library.claim(info.label(), info.serial());
      return new NativeToken(configuration, library, info);
    } catch (CkException e) {
      library.release();
      throw new Unavailable(configuration.tokenLabel(), String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      library.release();
      throw e;
    }
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
  private static int permits(int wanted, long maxSessions) {
    return maxSessions > 2 && maxSessions < wanted + 2L ? (int) maxSessions - 2 : wanted;
  }

  @Override
  public int sealedSize(KeyRef kek, int plainLength) {
    return SealFormat.sealedSize(plainLength);
  }

  @Override
  public int openSlack(KeyRef kek) {
    return SealFormat.TAG;
  }

  @Override
  public int seal(KeyRef kek, MemorySegment plain, Aad aad, MemorySegment out) {
    requireNative("plain", plain);
    if (plain.byteSize() > MAX_PLAIN) {
      throw new IllegalArgumentException("a plaintext has at most " + MAX_PLAIN + " bytes");
    }
    int size = SealFormat.sealedSize((int) plain.byteSize());
    if (out.byteSize() < size) {
      throw new IllegalArgumentException("out has " + out.byteSize() + " bytes, needs " + size);
    }
    calls.run(
        Calls.Kind.READ,
        session -> {
          try (var arena = Arena.ofConfined()) {
            var target = out.isNative() ? out.asSlice(0, size) : arena.allocate(size);
            count(kek, SealFormat.chunks((int) plain.byteSize()));
            Sealing.seal(session, arena, kek, plain, aad, target);
            if (!out.isNative()) {
              out.asSlice(0, size).copyFrom(target);
            }
          }
          return true;
        });
    return size;
  }

  @Override
  public int open(KeyRef kek, MemorySegment sealed, Aad aad, MemorySegment out) {
    requireNative("out", out);
    boolean opened = false;
    try {
      var format =
          SealFormat.read(kek, sealed)
              .filter(header -> (long) header.total() + SealFormat.TAG <= out.byteSize())
              .orElseThrow(SealRejected::new);
      calls.run(
          Calls.Kind.READ,
          session -> {
            try (var arena = Arena.ofConfined()) {
              Sealing.open(session, arena, kek, format, reachable(arena, sealed), aad, out);
            }
            return true;
          });
      opened = true;
      return format.total();
    } finally {
      if (!opened) {
        out.fill((byte) 0);
      }
    }
  }

  @Override
  public byte[] sign(KeyRef key, Digest digest) {
    return inArena(Calls.Kind.READ, (session, arena) -> Signing.sign(session, arena, key, digest));
  }

  @Override
  public void random(MemorySegment out) {
    requireNative("out", out);
    calls.run(
        Calls.Kind.READ,
        session -> {
          session.functions().generateRandom(session.handle(), out);
          return true;
        });
  }

  @Override
  public KeyRef generate(KeySpec spec) {
    if (find(spec.name()).isPresent()) {
      throw new KeyExists(info.label(), spec.name());
    }
    var id = new byte[KeyRef.ID_LENGTH];
    RANDOM.nextBytes(id);
    var key = KeyRef.of(spec.name(), id);
    return inArena(
        Calls.Kind.WRITE_ONCE,
        (session, arena) -> {
          switch (spec.kind()) {
            case SEALING_AES_256 ->
                session
                    .functions()
                    .generateKey(
                        session.handle(),
                        Mechanism.plain(arena, Ck.CKM_AES_KEY_GEN),
                        Templates.sealingKey(arena, key),
                        arena.allocate(ValueLayout.JAVA_LONG));
            case SIGNING_P256 -> generatePair(session, arena, key, Curve.P256);
            case SIGNING_P384 -> generatePair(session, arena, key, Curve.P384);
          }
          return key;
        });
  }

  private static void generatePair(Session session, Arena arena, KeyRef key, Curve curve) {
    session
        .functions()
        .generateKeyPair(
            session.handle(),
            Mechanism.plain(arena, Ck.CKM_EC_KEY_PAIR_GEN),
            Templates.publicHalf(arena, key, curve),
            Templates.signingKey(arena, key),
            arena.allocate(ValueLayout.JAVA_LONG),
            arena.allocate(ValueLayout.JAVA_LONG));
  }

  @Override
  public Optional<KeyRef> find(KeyName name) {
    return inArena(
        Calls.Kind.READ,
        (session, arena) -> {
          var found = session.objects(arena, Templates.naming(arena, name).build());
          if (found.size() > 1) {
            throw new KeyAmbiguous(info.label(), name);
          }
          return found.stream()
              .findFirst()
              .map(object ->
                  session
                      .objects()
                      .value(arena, object, Attribute.ID)
                      .filter(id -> id.length == KeyRef.ID_LENGTH)
                      .map(id -> KeyRef.of(name, id))
                      .orElseThrow(() -> new KeyAmbiguous(info.label(), name)));
        });
  }

  @Override
  public void destroy(KeyRef key) {
    inArena(
        Calls.Kind.WRITE,
        (session, arena) -> {
          var functions = session.functions();
          for (long half :
              session.objects().matching(arena, Templates.namingPublicHalf(arena, key))) {
            functions.destroyObject(session.handle(), half);
          }
          for (long object : session.objects(arena, Templates.naming(arena, key))) {
            functions.destroyObject(session.handle(), object);
          }
          session.handles().remove(key);
          return true;
        });
  }

  @Override
  public PublicKeyBytes publicKey(KeyRef key) {
    return inArena(
        Calls.Kind.READ,
        (session, arena) ->
            session
                .key(arena, key)
                .curve()
                .flatMap(curve -> Signing.publicKey(session, arena, key, curve))
                .orElseThrow(() -> new KeyMissing(info.label(), "public half of " + key)));
  }

  @Override
  public KeyEvidence evidence(KeyRef key) {
    return inArena(
        Calls.Kind.WRITE, (session, arena) -> new EvidenceReader(session, arena, key).read());
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
              .filter(token -> token.serial().equals(info.serial()))
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
          "built-in",
          seals.entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum())),
          login.epoch().number());
    }
  }

  @Override
  public void login(PinSource pin) {
    try {
      calls.writing(() -> {
        login.enter(pin);
        return true;
      });
    } catch (CkException e) {
      login.down(e.rv());
      throw new Unavailable(info.label(), String.valueOf(e.getMessage()));
    }
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
    return login.state();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
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
    return "token '" + info.label() + "' of " + configuration.library();
  }

  private interface Work<R> {
    R in(Session session, Arena arena);
  }

  private <R> R inArena(Calls.Kind kind, Work<R> work) {
    return calls.run(
        kind,
        session -> {
          try (var arena = Arena.ofConfined()) {
            return work.in(session, arena);
          }
        });
  }

  private void count(KeyRef kek, long encryptions) {
    seals.computeIfAbsent(kek, _ -> new LongAdder()).add(encryptions);
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
