package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One session lent to one call, with what is known of handles in its epoch.
 *
 * @param handles of keys by reference, shared by the calls of one epoch
 * @param used is told of every key that was found
 */
record Session(
    String token,
    Cryptoki functions,
    long handle,
    Login login,
    Map<KeyRef, Key> handles,
    Consumer<KeyRef> used) {
  /** A key on the token. The curve is there for signing keys. */
  record Key(long handle, Optional<Curve> curve) {}

  Objects objects() {
    return new Objects(functions, handle);
  }

  /** The one object that a reference names. */
  Key key(Arena arena, KeyRef reference) {
    var known = handles.get(reference);
    if (known != null) {
      return known;
    }
    long object = look(arena, reference);
    var curve = objects().value(arena, object, Attribute.EC_PARAMS).flatMap(Curve::of);
    var key = new Key(object, curve);
    handles.put(reference, key);
    used.accept(reference);
    return key;
  }

  /** Looks for a key on the token, whatever is known of it. */
  long look(Arena arena, KeyRef reference) {
    var found = objects(arena, Templates.naming(arena, reference));
    if (found.isEmpty()) {
      throw new KeyMissing(token, reference);
    }
    if (found.size() > 1) {
      throw new KeyAmbiguous(token, reference);
    }
    return found.getFirst();
  }

  /**
   * Finds objects. None at all may mean that the login is gone, which some tokens do not report, so
   * that is looked at before anybody concludes that a key is missing.
   */
  List<Long> objects(Arena arena, Template template) {
    var found = objects().matching(arena, template);
    if (found.isEmpty() && !login.loggedIn(handle)) {
      throw new CkException("C_FindObjects", Ck.USER_NOT_LOGGED_IN);
    }
    return found;
  }
}
