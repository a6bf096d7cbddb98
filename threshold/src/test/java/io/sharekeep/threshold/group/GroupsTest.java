package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.NativeGroupsTest.seeded;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.foreign.NativeLibrary;
import io.sharekeep.threshold.foreign.Secp256k1Library;
import io.sharekeep.threshold.foreign.SodiumLibrary;
import io.sharekeep.threshold.group.Groups.Choice;
import io.sharekeep.threshold.group.Groups.Requirement;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class GroupsTest {
  private static final NativeLibrary ABSENT = new NativeLibrary.Missing("install libsomething");

  @Test
  void bothGroupsAreNativeWhereTheLibrariesAre() {
    var groups = Groups.open(seeded(1), Requirement.NATIVE);
    assertTrue(groups.secp256k1().backend().startsWith("libsecp256k1 "));
    assertTrue(groups.ed25519().backend().startsWith("libsodium 1.0."));
    assertEquals(
        List.of(
            new Choice(GroupId.SECP256K1, groups.secp256k1().backend(), Optional.empty()),
            new Choice(GroupId.ED25519, groups.ed25519().backend(), Optional.empty())),
        groups.choices());
    assertEquals(GroupId.SECP256K1, groups.of(GroupId.SECP256K1).id());
    assertEquals(GroupId.ED25519, groups.of(GroupId.ED25519).id());
  }

  @Test
  void withoutLibsodiumBothGroupsAreJavaAndSayWhy() {
    var groups = Groups.open(seeded(2), Requirement.ANY, ABSENT, Secp256k1Library.load());
    var why = Optional.of("install libsomething");
    assertEquals(
        List.of(
            new Choice(GroupId.SECP256K1, "java", why), new Choice(GroupId.ED25519, "java", why)),
        groups.choices());
  }

  @Test
  void withoutLibsecp256k1OnlySecp256k1IsJava() {
    var groups = Groups.open(seeded(3), Requirement.ANY, SodiumLibrary.load(), ABSENT);
    assertEquals("java", groups.secp256k1().backend());
    assertTrue(groups.ed25519().backend().startsWith("libsodium "));
  }

  @Test
  void aProfileThatRequiresNativeRefusesJavaAndSaysWhatToDo() {
    var refused =
        assertThrows(
            IllegalStateException.class,
            () -> Groups.open(seeded(4), Requirement.NATIVE, SodiumLibrary.load(), ABSENT));
    assertEquals(
        "native code is required and SECP256K1 would run in Java: install libsomething",
        refused.getMessage());
  }

  @Test
  void theJavaGroupsAreThereWithoutAnyLibrary() {
    assertEquals(
        List.of("java", "java"), Groups.java().choices().stream().map(Choice::backend).toList());
  }

  /** A group that is whole but for one method. */
  record Broken(Group whole, SecretOps secretOps, PublicOps publicOps) implements Group {
    @Override
    public GroupId id() {
      return whole.id();
    }

    @Override
    public String backend() {
      return "broken";
    }
  }

  /** What is broken, which check must see it. */
  static Stream<Arguments> brokenGroups() {
    var openings = Groups.open(seeded(5));
    return Stream.of(openings.secp256k1(), openings.ed25519())
        .flatMap(g ->
            Stream.of(
                secretly(g, "known multiples", "multiplyBase", GroupsTest::negated),
                publicly(g, "known multiples", "multiplyBase", GroupsTest::negated),
                secretly(g, "known hashes", "sha512", GroupsTest::flipped),
                secretly(g, "known hashes", "sha256", GroupsTest::flipped),
                secretly(g, "zero", "multiplyBase", generatorForNothing(g)),
                publicly(g, "zero", "multiply", generatorForNothing(g)),
                publicly(g, "zero", "add", generatorForNothing(g)),
                secretly(g, "random inputs", "multiply", GroupsTest::flippedProduct),
                publicly(g, "random inputs", "linearCombination", GroupsTest::negated),
                publicly(g, "random inputs", "decode", GroupsTest::nothing),
                publicly(g, "threw", "negate", GroupsTest::thrown)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("brokenGroups")
  void aBackendThatErrsInOneMethodFailsItsSelfTest(String what, String check, Group broken) {
    var failure = new GroupSelfTest(broken, java(broken.id()), seeded(6)).failure();
    assertTrue(failure.orElse("passed").contains(check), failure::toString);
  }

  /** As the libsodium of CVE-2025-69277 did. */
  @Test
  void aBackendThatAcceptsTorsionFailsItsSelfTest() {
    var whole = Groups.open(seeded(7)).ed25519();
    var lenient =
        altered(
            PublicOps.class,
            whole.publicOps(),
            "decode",
            (arguments, _) ->
                EdwardsPoint.decode((byte[]) arguments[0])
                    .map(p -> new Element(GroupId.ED25519, p.encoded())));
    var failure =
        new GroupSelfTest(
                new Broken(whole, whole.secretOps(), lenient), java(GroupId.ED25519), seeded(8))
            .failure();
    assertTrue(failure.orElse("passed").contains("CVE-2025-69277"), failure::toString);
  }

  @Test
  void addingTheOrderTwoPointTwiceIsNothingAndOnceIsNoElement() {
    var ops = Groups.open(seeded(9)).ed25519().publicOps();
    var generator = ops.generator().encoded();
    var torsioned = GroupSelfTest.plusOrderTwo(generator);
    assertTrue(EdwardsPoint.decode(torsioned).isPresent());
    assertTrue(ops.decode(torsioned).isEmpty());
    assertEquals(Optional.of(ops.generator()), ops.decode(GroupSelfTest.plusOrderTwo(torsioned)));
  }

  private static Group java(GroupId id) {
    return Groups.java().of(id);
  }

  private static Arguments secretly(
      Group g,
      String check,
      String method,
      BiFunction<Object[], @Nullable Object, @Nullable Object> change) {
    var ops = altered(SecretOps.class, g.secretOps(), method, change);
    return Arguments.of(g.id() + " secret " + method, check, new Broken(g, ops, g.publicOps()));
  }

  private static Arguments publicly(
      Group g,
      String check,
      String method,
      BiFunction<Object[], @Nullable Object, @Nullable Object> change) {
    var ops = altered(PublicOps.class, g.publicOps(), method, change);
    return Arguments.of(g.id() + " public " + method, check, new Broken(g, g.secretOps(), ops));
  }

  private static <T> T altered(
      Class<T> type,
      T whole,
      String method,
      BiFunction<Object[], @Nullable Object, @Nullable Object> change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, called, arguments) -> {
              try {
                var result = called.invoke(whole, arguments);
                return called.getName().equals(method) ? change.apply(arguments, result) : result;
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            }));
  }

  @SuppressWarnings("unchecked") // each altered method gives an element or nothing
  private static @Nullable Object negated(Object[] arguments, @Nullable Object result) {
    if (!(result instanceof Optional<?> optional)) {
      return result;
    }
    return ((Optional<Element>) optional).map(p -> java(p.group()).publicOps().negate(p));
  }

  private static BiFunction<Object[], @Nullable Object, @Nullable Object> generatorForNothing(
      Group g) {
    return (_, result) ->
        result instanceof Optional<?> optional && optional.isEmpty()
            ? Optional.of(g.publicOps().generator())
            : result;
  }

  private static @Nullable Object flipped(Object[] arguments, @Nullable Object result) {
    var out = (MemorySegment) arguments[2];
    out.set(JAVA_BYTE, 5, (byte) (out.get(JAVA_BYTE, 5) ^ 1));
    return result;
  }

  private static @Nullable Object flippedProduct(Object[] arguments, @Nullable Object result) {
    if (Boolean.TRUE.equals(result)) {
      var out = (MemorySegment) arguments[3];
      out.set(JAVA_BYTE, 63, (byte) (out.get(JAVA_BYTE, 63) ^ 1));
    }
    return result;
  }

  private static @Nullable Object nothing(Object[] arguments, @Nullable Object result) {
    return Optional.empty();
  }

  private static @Nullable Object thrown(Object[] arguments, @Nullable Object result) {
    throw new ArithmeticException("broken");
  }
}
