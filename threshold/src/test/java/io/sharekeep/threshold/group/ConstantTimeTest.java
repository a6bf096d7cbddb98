package io.sharekeep.threshold.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds every {@link ConstantTime} method of this module to its promise. */
class ConstantTimeTest {
  /** Every package that has such methods. */
  private static final List<String> PACKAGES =
      List.of("io/sharekeep/threshold/group", "io/sharekeep/threshold/ecdsa");

  private static List<ClassModel> classesOfThePackages() {
    var models = new ArrayList<ClassModel>();
    PACKAGES.forEach(name -> models.addAll(classesOf(name)));
    return models;
  }

  private static List<ClassModel> classesOf(String name) {
    try {
      var one = ScalarField.class;
      var root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.list(root.resolve(name))) {
        var models = new ArrayList<ClassModel>();
        for (var file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
          models.add(ClassFile.of().parse(file));
        }
        return models;
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ClassModel planted() {
    var name = Planted.class.getName().substring(Planted.class.getPackageName().length() + 1);
    try (var in = Objects.requireNonNull(Planted.class.getResourceAsStream(name + ".class"))) {
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noSecretMethodOfThePackageBranches() {
    var classes = classesOfThePackages();
    var linter = new ConstantTimeLinter(classes);
    assertEquals(List.of(), classes.stream().flatMap(linter::violations).toList());
  }

  @Test
  void theLeavesThatTouchSecretsAreAnnotated() {
    var linter = new ConstantTimeLinter(classesOfThePackages());
    for (var leaf :
        List.of(
            "MontgomeryScalars.montgomeryProduct",
            "ScalarLanes.reduce",
            "ScalarLanes.addProduct",
            "ScalarLanes.finish",
            "ScalarLanes.subtractAdd",
            "ScalarLanes.addIf",
            "HashToCurve.isogeny",
            "HashToCurve.denominator",
            "BitMatrix.addIf",
            "BitMatrix.exchange",
            "BinaryField.fold",
            "BinaryField.difference",
            "Selection.exchange",
            "Selection.choose",
            "VectorOle.difference",
            "MontgomeryScalars.storeReduced",
            "MontgomeryScalars.differenceOf",
            "SlabField25519.multiply",
            "SlabField25519.select",
            "SlabFieldSecp256k1.multiply",
            "SlabFieldSecp256k1.select",
            "SlabEdwards.multiplyBase",
            "SlabEdwards.multiplyPoint",
            "SlabWeierstrass.multiplyBase",
            "SlabWeierstrass.multiplyPoint",
            "SlabSha512.rounds",
            "SlabSha256.rounds")) {
      assertTrue(linter.holds(leaf), leaf);
    }
  }

  /** The linter would be worth nothing if it passed these. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "branches",
        "chooses",
        "loopsToASecret",
        "movesAPublicNumber",
        "startsAtASecret",
        "countsUpASecret",
        "leavesALoopEarly",
        "compares",
        "divides",
        "switches",
        "callsWhatIsNotConstantTime",
        "allocates"
      })
  void aPlantedViolationIsCaught(String method) {
    var planted = planted();
    var violations = new ConstantTimeLinter(List.of(planted)).violations(planted).toList();
    assertTrue(
        violations.stream().anyMatch(v -> v.contains("Planted." + method + ":")),
        violations.toString());
    assertFalse(
        violations.stream()
            .anyMatch(
                v -> v.contains("Planted.masks:") || v.contains("Planted.loopsToAPublicNumber:")),
        violations.toString());
  }

  @SuppressWarnings("unused") // read as a class file only
  private static final class Planted {
    @ConstantTime
    static long masks(long a, long b) {
      long sum = 0;
      for (int i = 0; i < 4; i++) {
        sum += a & -(b >>> 63);
      }
      for (int i = 7; i >= 0; i--) {
        sum ^= a << i;
      }
      return sum;
    }

    @ConstantTime
    static long branches(long secret) {
      if (secret == 0) {
        return 1;
      }
      return secret;
    }

    @ConstantTime
    static long chooses(int secret, long a, long b) {
      return secret != 0 ? a : b;
    }

    @ConstantTime(publicInts = true)
    static long loopsToAPublicNumber(long a, int times) {
      long sum = 0;
      for (int i = 0; i < times; i++) {
        sum += a;
      }
      return sum;
    }

    @ConstantTime(publicInts = true)
    static long movesAPublicNumber(long a, int times) {
      long sum = 0;
      for (int i = 0; i < times; i++) {
        sum += a;
        times += (int) a;
      }
      return sum;
    }

    @ConstantTime
    static long loopsToASecret(int secret) {
      long sum = 0;
      for (int i = 0; i < secret; i++) {
        sum += i;
      }
      return sum;
    }

    @ConstantTime
    static long startsAtASecret(int secret) {
      long sum = 0;
      for (int i = secret; i < 64; i++) {
        sum += i;
      }
      return sum;
    }

    @ConstantTime
    static long countsUpASecret(int secret) {
      long sum = 0;
      while (secret < 64) {
        sum += secret++;
      }
      return sum;
    }

    @ConstantTime
    static int leavesALoopEarly(byte[] a, byte[] b) {
      for (int i = 0; i < 32; i++) {
        if (a[i] != b[i]) {
          return i;
        }
      }
      return 32;
    }

    @ConstantTime
    static int compares(long a, long b) {
      return Long.compare(a, b);
    }

    @ConstantTime
    static long divides(long a) {
      return a / 10 + a % 7;
    }

    @ConstantTime
    static int switches(int secret) {
      return switch (secret) {
        case 1 -> 5;
        case 2 -> 9;
        default -> 0;
      };
    }

    @ConstantTime
    static long callsWhatIsNotConstantTime(long a) {
      return open(a);
    }

    static long open(long a) {
      return a > 0 ? a : 0;
    }

    @ConstantTime
    static long[] allocates(long a) {
      return new long[] {a};
    }
  }
}
