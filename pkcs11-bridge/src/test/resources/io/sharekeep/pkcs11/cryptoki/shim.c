/* A PKCS#11 module that stands before another one and can hang, fail, crash, or make IVs.
 * Compiled by the tests with -DREAL="path". What it does is set through shim_set. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

typedef unsigned long L;
typedef struct { L type; void *parameter; L length; } Mechanism;
typedef struct { unsigned char *iv; L ivLength, ivBits; void *aad; L aadLength, tagBits; } Gcm;
typedef struct { unsigned char version[2]; void *function[68]; } List;

enum { HANG, ABSENT, GENERATE, LOGIN, IV, OPEN_SESSION, NO_MECHANISMS, DER, CONTEXT, CLOSED, REFUSALS,
       SERIAL, SETTINGS };
static volatile long setting[SETTINGS];
static List real, ours;
static unsigned char made[16];

void shim_set(int what, long value) { setting[what] = value; }
long shim_get(int what) { return setting[what]; }

static void hang(void) {
  while (setting[HANG]) usleep(1000);
}

#define CALL(index, ...) ((L (*)())real.function[index])(__VA_ARGS__)
#define GONE if (setting[ABSENT]) return setting[ABSENT]

static L initialize(void *a) {
#ifdef CRASH
  *(volatile int *)0 = 1;
#endif
#ifdef LEAVE
  _exit(3);
#endif
  GONE;
  return CALL(0, a);
}
static L tokenInfo(L slot, char *info) {
  L rv;
  GONE;
  rv = CALL(6, slot, info);
  if (setting[SERIAL]) info[80] ^= 1;
  return rv;
}
static L openSession(L slot, L flags, void *a, void *b, void *session) {
  GONE;
  if (setting[OPEN_SESSION]) return setting[OPEN_SESSION];
  return CALL(12, slot, flags, a, b, session);
}
static L closeSession(L session) {
  setting[CLOSED]++;
  GONE;
  return CALL(13, session);
}
static L login(L session, L user, void *pin, L length) {
  GONE;
  if (user == 2) { /* CKU_CONTEXT_SPECIFIC */
    setting[CONTEXT]++;
    return 0;
  }
  if (setting[LOGIN]) return setting[LOGIN];
  return CALL(18, session, user, pin, length);
}
static L find(L session, void *template, L count) { GONE; return CALL(26, session, template, count); }
static L generateKey(L s, void *m, void *t, L n, void *k) {
  GONE;
  if (setting[GENERATE]) return setting[GENERATE];
  return CALL(58, s, m, t, n, k);
}
static L generatePair(L s, void *m, void *t, L n, void *u, L o, void *p, void *q) {
  GONE;
  if (setting[GENERATE]) return setting[GENERATE];
  return CALL(59, s, m, t, n, u, o, p, q);
}
static L encryptInit(L session, Mechanism *m, L key) {
  GONE;
  if (setting[NO_MECHANISMS] && m->type == 0x1087) return 0x70;
  if (setting[NO_MECHANISMS] > 1 && m->type == 0x1082) return 0x70;
  if (setting[IV] && m->type == 0x1087) {
    Gcm own = *(Gcm *)m->parameter;
    Mechanism copy = *m;
    if (setting[IV] == 1) { /* over the caller's zeros */
      if (getrandom(own.iv, own.ivLength, 0) < 0) abort();
    } else { /* appended to the ciphertext */
      if (own.iv) return 0x71;
      if (getrandom(made, 16, 0) < 0) abort();
      own.iv = made;
      own.ivLength = 16;
      own.ivBits = 128;
    }
    copy.parameter = &own;
    return CALL(29, session, &copy, key);
  }
  return CALL(29, session, m, key);
}
static L encrypt(L session, void *in, L length, unsigned char *out, L *outLength) {
  GONE;
  if (setting[IV] == 2) {
    L rv;
    *outLength -= 16;
    rv = CALL(30, session, in, length, out, outLength);
    memcpy(out + *outLength, made, 16);
    *outLength += 16;
    return rv;
  }
  return CALL(30, session, in, length, out, outLength);
}
static L decryptInit(L session, Mechanism *m, L key) {
  GONE;
  if (setting[NO_MECHANISMS] > 2 && m->type == 9) return 0x70;
  return CALL(33, session, m, key);
}
static L decrypt(L session, void *in, L length, void *out, void *outLength) {
  GONE;
  if (setting[REFUSALS] > 0) {
    setting[REFUSALS]--;
    return 0x40; /* ENCRYPTED_DATA_INVALID */
  }
  if (setting[REFUSALS] < 0) { /* nobody is logged in, which it does not say */
    setting[REFUSALS] = 0;
    CALL(19, session);
    return 5; /* GENERAL_ERROR */
  }
  return CALL(34, session, in, length, out, outLength);
}
static L signInit(L session, Mechanism *m, L key) { GONE; return CALL(42, session, m, key); }
static L sign(L s, void *in, L n, void *out, void *length) {
  unsigned char raw[128], *to = out;
  L rv, size = sizeof raw, half, i, k;
  GONE;
  hang();
  if (!setting[DER]) return CALL(43, s, in, n, out, length);
  rv = CALL(43, s, in, n, raw, &size);
  if (rv) return rv;
  half = size / 2;
  k = 2;
  for (i = 0; i < 2; i++) {
    unsigned char *number = raw + i * half;
    L skip = 0, zero;
    while (skip < half - 1 && !number[skip]) skip++;
    zero = number[skip] >> 7;
    to[k++] = 2;
    to[k++] = half - skip + zero;
    if (zero) to[k++] = 0;
    memcpy(to + k, number + skip, half - skip);
    k += half - skip;
  }
  to[0] = 0x30;
  to[1] = k - 2;
  *(L *)length = k;
  return 0;
}
static L random_(L session, void *out, L length) {
  GONE;
  hang();
  return CALL(64, session, out, length);
}

L C_GetFunctionList(List **list) {
  static int done;
  if (!done) {
    void *library = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
    List *theirs;
    L rv;
    if (!library) return 5;
    rv = ((L (*)())dlsym(library, "C_GetFunctionList"))(&theirs);
    if (rv) return rv;
    real = ours = *theirs;
    ours.function[0] = initialize;
    ours.function[6] = tokenInfo;
    ours.function[12] = openSession;
    ours.function[13] = closeSession;
    ours.function[18] = login;
    ours.function[26] = find;
    ours.function[29] = encryptInit;
    ours.function[30] = encrypt;
    ours.function[33] = decryptInit;
    ours.function[34] = decrypt;
    ours.function[42] = signInit;
    ours.function[43] = sign;
    ours.function[58] = generateKey;
    ours.function[59] = generatePair;
    ours.function[64] = random_;
    done = 1;
  }
  *list = &ours;
  return 0;
}
