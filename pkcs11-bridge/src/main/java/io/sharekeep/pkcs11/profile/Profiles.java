package io.sharekeep.pkcs11.profile;

import io.sharekeep.pkcs11.terms.TokenException.ProfileRejected;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The shipped profiles, and which of them a token gets. */
public final class Profiles {
  private static final List<Profile> SHIPPED =
      List.of(
              "cloudhsm",
              "luna",
              "nethsm",
              "nshield",
              "nss",
              "opencryptoki",
              "protectserver",
              "securosys",
              "softhsm",
              "tpm2-pkcs11",
              "utimaco",
              "yubihsm2")
          .stream()
          .map(ProfileReader::shipped)
          .toList();

  private static final Profile UNKNOWN = ProfileReader.shipped("unknown");

  private Profiles() {}

  /** A profile and the words that say why it is the one. */
  public record Chosen(Profile profile, String why) {}

  /** All that match by themselves; the one for unknown tokens is not among them. */
  public static List<Profile> shipped() {
    return SHIPPED;
  }

  /**
   * The custodian's own file if there is one, else the most specific of the shipped ones that fit,
   * else the one for unknown tokens, which allows nothing that was not tried first.
   *
   * @throws ProfileRejected if the file is wrong or says itself that it is for another token, or if
   *     two shipped ones fit equally well
   */
  public static Chosen choose(Identity identity, Optional<Path> own) {
    return own.map(file -> own(identity, file)).orElseGet(() -> choose(identity, SHIPPED));
  }

  static Chosen choose(Identity identity, List<Profile> from) {
    var fitting =
        from.stream()
            .filter(profile -> profile.match().compare(identity).all())
            .sorted(Comparator.comparingInt((Profile p) -> -p.match().specificity()))
            .toList();
    if (fitting.isEmpty()) {
      return new Chosen(
          UNKNOWN,
          "no shipped profile matches "
              + identity
              + "; what the token can do is tried with throw-away keys at each login");
    }
    var best = fitting.getFirst();
    if (fitting.size() > 1 && fitting.get(1).match().specificity() == best.match().specificity()) {
      throw new ProfileRejected(
          best.name(),
          "and " + fitting.get(1).name() + " match equally well; name one of them as a file");
    }
    var why = best.match().compare(identity).words();
    return new Chosen(
        best, fitting.size() == 1 ? why : why + "; more specific than " + fitting.get(1).name());
  }

  private static Chosen own(Identity identity, Path file) {
    var profile = ProfileReader.read(file);
    var comparison = profile.match().compare(identity);
    if (!profile.match().patterns().isEmpty() && !comparison.all()) {
      throw new ProfileRejected(file.toString(), "is for another token: " + comparison.words());
    }
    return new Chosen(profile, "the configuration names " + file + "; " + comparison.words());
  }
}
