package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * Keys of people and services in PEM files. They belong to who runs the command, on their own
 * machine: an appliance's keys are in its HSM and never here.
 */
final class PemFiles {
  private static final int LINE = 64;

  private PemFiles() {}

  /** A key that signs requests or documents. */
  record SigningKey(KeyAlgorithm algorithm, PrivateKey key, byte[] spki) {
    byte[] sign(byte[] message) {
      try {
        var signer =
            Signature.getInstance(
                switch (algorithm) {
                  case ED25519 -> "Ed25519";
                  case P256 -> "SHA256withECDSAinP1363Format";
                });
        signer.initSign(key);
        signer.update(message);
        return signer.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a key that was read does not sign", e);
      }
    }

    @Override
    public String toString() {
      return "SigningKey[" + algorithm.label() + "]";
    }
  }

  /** A PKCS#8 PEM file with an Ed25519 or P-256 key. */
  static SigningKey signingKey(Path file) {
    byte[] pkcs8 = block(file, "PRIVATE KEY");
    try {
      return switch (PrivateKeyFactory.createKey(pkcs8)) {
        case Ed25519PrivateKeyParameters key ->
            new SigningKey(
                KeyAlgorithm.ED25519,
                KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8)),
                SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key.generatePublicKey())
                    .getEncoded());
        case ECPrivateKeyParameters _ -> p256(file, pkcs8);
        default -> throw unusable(file);
      };
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw unusable(file);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private static SigningKey p256(Path file, byte[] pkcs8)
      throws IOException, GeneralSecurityException {
    var key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    if (!(key instanceof ECPrivateKey ec) || ec.getParams().getOrder().bitLength() != 256) {
      throw unusable(file);
    }
    var parameters = (ECPrivateKeyParameters) PrivateKeyFactory.createKey(pkcs8);
    var point =
        new FixedPointCombMultiplier()
            .multiply(parameters.getParameters().getG(), parameters.getD())
            .normalize();
    var encoded =
        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                new ECPublicKeyParameters(point, parameters.getParameters()))
            .getEncoded();
    // Through the JDK's own encoder, so that it is the one canonical form that is pinned.
    var spki =
        KeyFactory.getInstance("EC")
            .generatePublic(new java.security.spec.X509EncodedKeySpec(encoded))
            .getEncoded();
    return new SigningKey(KeyAlgorithm.P256, key, spki);
  }

  private static CliProblem unusable(Path file) {
    return new CliProblem(
        ExitCode.USAGE,
        file
            + " is no PKCS#8 Ed25519 or P-256 private key; sharekeep identity new makes one, or"
            + " openssl genpkey -algorithm ed25519");
  }

  /** A TLS client identity from a PKCS#8 key and its certificate. */
  static X509ExtendedKeyManager tlsIdentity(Path keyFile, Path certificateFile) {
    byte[] pkcs8 = block(keyFile, "PRIVATE KEY");
    var password = UUID.randomUUID().toString().toCharArray();
    try (var in = Files.newInputStream(certificateFile)) {
      var chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(new Certificate[0]);
      if (chain.length == 0) {
        throw noCertificate(certificateFile);
      }
      stillValid(certificateFile, chain[0]);
      var algorithm = chain[0].getPublicKey().getAlgorithm();
      var key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("client", key, password, chain);
      var factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, password);
      for (var manager : factory.getKeyManagers()) {
        if (manager instanceof X509ExtendedKeyManager found) {
          return found;
        }
      }
      throw new IllegalStateException("the JDK has no X.509 key manager");
    } catch (IOException e) {
      throw noCertificate(certificateFile);
    } catch (GeneralSecurityException e) {
      throw new CliProblem(
          ExitCode.USAGE,
          keyFile + " and " + certificateFile + " are not a key and its certificate");
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  /** Said here, because a server that refuses a certificate cannot tell why. */
  private static void stillValid(Path file, Certificate certificate) {
    if (certificate instanceof X509Certificate x509) {
      try {
        x509.checkValidity();
      } catch (CertificateExpiredException e) {
        throw new CliProblem(
            ExitCode.USAGE,
            file
                + " ended on "
                + x509.getNotAfter().toInstant()
                + "; sharekeep identity renew makes a new one for the same key and pin");
      } catch (CertificateNotYetValidException e) {
        throw new CliProblem(
            ExitCode.USAGE,
            file + " begins on " + x509.getNotBefore().toInstant() + "; is this clock right?");
      }
    }
  }

  private static CliProblem noCertificate(Path file) {
    return new CliProblem(
        ExitCode.USAGE, file + " is not a readable PEM certificate; see sharekeep identity new");
  }

  private static byte[] block(Path file, String type) {
    String text;
    try {
      text = Files.readString(file, US_ASCII);
    } catch (IOException e) {
      throw new CliProblem(ExitCode.USAGE, "cannot read " + file + "; check path and permissions");
    }
    int begin = text.indexOf("-----BEGIN " + type + "-----");
    int end = text.indexOf("-----END " + type + "-----");
    if (begin < 0 || end < begin) {
      throw new CliProblem(
          ExitCode.USAGE,
          file + " holds no " + type + " in PEM; encrypted and PKCS#1 keys are not read");
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(text.indexOf('\n', begin), end));
    } catch (IllegalArgumentException e) {
      throw new CliProblem(ExitCode.USAGE, file + " is damaged PEM");
    }
  }

  static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  /** A new file that its owner alone may read; one that is there is never written over. */
  static void writePrivate(Path file, String text) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, text, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw cannotWrite(file);
    }
  }

  static void writeNew(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw cannotWrite(file);
    }
  }

  static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw cannotWrite(file);
    }
  }

  private static CliProblem cannotWrite(Path file) {
    return new CliProblem(
        ExitCode.USAGE,
        "cannot write " + file + ": it exists already or its folder is not writable");
  }

  static byte[] read(Path file, String what) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CliProblem(
          ExitCode.USAGE, "cannot read " + what + " " + file + "; check path and permissions");
    }
  }
}
