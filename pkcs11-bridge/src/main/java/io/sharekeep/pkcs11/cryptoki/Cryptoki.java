package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C functions of one library, one method each; every method throws {@link CkException} unless
 * CKR_OK came back. Stateless and safe for any thread that keeps the library's own rules.
 *
 * <p>The handles are constants and take the function's address, so a call costs what a constant
 * handle costs. They are never {@code critical}: a token may take seconds and would hold up every
 * safepoint.
 */
final class Cryptoki {
  private static final MethodHandle P = down(ADDRESS);
  private static final MethodHandle L = down(JAVA_LONG);
  private static final MethodHandle LL = down(JAVA_LONG, JAVA_LONG);
  private static final MethodHandle LP = down(JAVA_LONG, ADDRESS);
  private static final MethodHandle LPL = down(JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final MethodHandle LPP = down(JAVA_LONG, ADDRESS, ADDRESS);
  private static final MethodHandle BPP = down(JAVA_BYTE, ADDRESS, ADDRESS);
  private static final MethodHandle LLPL = down(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final MethodHandle LPLP = down(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle LLPPP = down(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle LPLPP = down(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
  private static final MethodHandle LPPLP = down(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle LPPLPLPP =
      down(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

  private final MemorySegment[] functions;

  /**
   * Reads the pointers once.
   *
   * @param list a CK_FUNCTION_LIST; a 3.x list begins with the same pointers
   */
  Cryptoki(MemorySegment list) {
    functions = new MemorySegment[(int) Layouts.FUNCTION_COUNT];
    for (int i = 0; i < functions.length; i++) {
      functions[i] = list.get(ADDRESS, Layouts.FUNCTIONS + 8L * i);
    }
  }

  void initialize(MemorySegment arguments) {
    check("C_Initialize", p(0, arguments));
  }

  void finish() {
    check("C_Finalize", p(1, NULL));
  }

  void info(MemorySegment info) {
    check("C_GetInfo", p(2, info));
  }

  void slotList(MemorySegment list, MemorySegment count) {
    check("C_GetSlotList", bpp(4, (byte) 1, list, count));
  }

  void tokenInfo(long slot, MemorySegment info) {
    check("C_GetTokenInfo", lp(6, slot, info));
  }

  void mechanismList(long slot, MemorySegment list, MemorySegment count) {
    check("C_GetMechanismList", lpp(7, slot, list, count));
  }

  void openSession(long slot, long flags, MemorySegment session) {
    check("C_OpenSession", llppp(12, slot, flags, session));
  }

  void closeSession(long session) {
    check("C_CloseSession", l(13, session));
  }

  void closeAllSessions(long slot) {
    check("C_CloseAllSessions", l(14, slot));
  }

  void sessionInfo(long session, MemorySegment info) {
    check("C_GetSessionInfo", lp(15, session, info));
  }

  void login(long session, long user, MemorySegment pin) {
    check("C_Login", llpl(18, session, user, pin, pin.byteSize()));
  }

  void logout(long session) {
    check("C_Logout", l(19, session));
  }

  void createObject(long session, Template template, MemorySegment object) {
    check("C_CreateObject", lplp(20, session, template.memory(), template.count(), object));
  }

  void destroyObject(long session, long object) {
    check("C_DestroyObject", ll(22, session, object));
  }

  void attributeValue(long session, long object, Template template) {
    check("C_GetAttributeValue", llpl(24, session, object, template.memory(), template.count()));
  }

  void setAttributeValue(long session, long object, Template template) {
    check("C_SetAttributeValue", llpl(25, session, object, template.memory(), template.count()));
  }

  void findObjectsInit(long session, Template template) {
    check("C_FindObjectsInit", lpl(26, session, template.memory(), template.count()));
  }

  void findObjects(long session, MemorySegment objects, long max, MemorySegment count) {
    check("C_FindObjects", lplp(27, session, objects, max, count));
  }

  void findObjectsFinal(long session) {
    check("C_FindObjectsFinal", l(28, session));
  }

  void encryptInit(long session, MemorySegment mechanism, long key) {
    check("C_EncryptInit", lpl(29, session, mechanism, key));
  }

  void encrypt(long session, MemorySegment in, MemorySegment out, MemorySegment length) {
    check("C_Encrypt", lplpp(30, session, in, out, length));
  }

  void decryptInit(long session, MemorySegment mechanism, long key) {
    check("C_DecryptInit", lpl(33, session, mechanism, key));
  }

  void decrypt(long session, MemorySegment in, MemorySegment out, MemorySegment length) {
    check("C_Decrypt", lplpp(34, session, in, out, length));
  }

  void signInit(long session, MemorySegment mechanism, long key) {
    check("C_SignInit", lpl(42, session, mechanism, key));
  }

  void sign(long session, MemorySegment in, MemorySegment out, MemorySegment length) {
    check("C_Sign", lplpp(43, session, in, out, length));
  }

  void generateKey(long session, MemorySegment mechanism, Template template, MemorySegment key) {
    long rv;
    try {
      rv =
          (long)
              LPPLP.invokeExact(
                  functions[58], session, mechanism, template.memory(), template.count(), key);
    } catch (Throwable e) {
      throw escaped(e);
    }
    check("C_GenerateKey", rv);
  }

  void generateKeyPair(
      long session,
      MemorySegment mechanism,
      Template publicHalf,
      Template privateHalf,
      MemorySegment publicKey,
      MemorySegment privateKey) {
    long rv;
    try {
      rv =
          (long)
              LPPLPLPP.invokeExact(
                  functions[59],
                  session,
                  mechanism,
                  publicHalf.memory(),
                  publicHalf.count(),
                  privateHalf.memory(),
                  privateHalf.count(),
                  publicKey,
                  privateKey);
    } catch (Throwable e) {
      throw escaped(e);
    }
    check("C_GenerateKeyPair", rv);
  }

  void generateRandom(long session, MemorySegment out) {
    check("C_GenerateRandom", lpl(64, session, out, out.byteSize()));
  }

  private static void check(String function, long rv) {
    if (rv != Ck.OK) {
      throw new CkException(function, rv);
    }
  }

  private long p(int function, MemorySegment a) {
    try {
      return (long) P.invokeExact(functions[function], a);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long l(int function, long a) {
    try {
      return (long) L.invokeExact(functions[function], a);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long ll(int function, long a, long b) {
    try {
      return (long) LL.invokeExact(functions[function], a, b);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long lp(int function, long a, MemorySegment b) {
    try {
      return (long) LP.invokeExact(functions[function], a, b);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long lpl(int function, long a, MemorySegment b, long c) {
    try {
      return (long) LPL.invokeExact(functions[function], a, b, c);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long lpp(int function, long a, MemorySegment b, MemorySegment c) {
    try {
      return (long) LPP.invokeExact(functions[function], a, b, c);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long bpp(int function, byte a, MemorySegment b, MemorySegment c) {
    try {
      return (long) BPP.invokeExact(functions[function], a, b, c);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long llpl(int function, long a, long b, MemorySegment c, long d) {
    try {
      return (long) LLPL.invokeExact(functions[function], a, b, c, d);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long lplp(int function, long a, MemorySegment b, long c, MemorySegment d) {
    try {
      return (long) LPLP.invokeExact(functions[function], a, b, c, d);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long llppp(int function, long a, long b, MemorySegment out) {
    try {
      return (long) LLPPP.invokeExact(functions[function], a, b, NULL, NULL, out);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  private long lplpp(
      int function, long a, MemorySegment in, MemorySegment out, MemorySegment length) {
    try {
      return (long) LPLPP.invokeExact(functions[function], a, in, in.byteSize(), out, length);
    } catch (Throwable e) {
      throw escaped(e);
    }
  }

  /** Downcalls throw nothing checked; what comes here is a wrong thread or a dead segment. */
  private static RuntimeException escaped(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }

  @SuppressWarnings("restricted") // this module is the one that calls the token's library
  private static MethodHandle down(MemoryLayout... arguments) {
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, arguments));
  }
}
