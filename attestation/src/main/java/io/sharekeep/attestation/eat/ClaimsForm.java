package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.eat.Software.Build;
import io.sharekeep.attestation.eat.Software.SelfTest;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Claims as a CBOR map, both ways. */
final class ClaimsForm {
  private static final long COSWID = 258;
  private static final long KEY_ID = 3;
  private static final int MAX_MEASUREMENTS = 4000;

  private ClaimsForm() {}

  static Cbor toCbor(Claims c) {
    return Cbor.map(m -> {
      var fresh = c.freshness();
      m.put(Labels.NONCE, Claims.oneOrMore(fresh.nonces(), Named::bytes));
      if (!fresh.audiences().isEmpty()) {
        m.put(Labels.AUDIENCE, Claims.oneOrMore(fresh.audiences(), Cbor::text));
      }
      m.put(Labels.ISSUED_AT, fresh.issuedAt().getEpochSecond())
          .put(Labels.EXPIRES, fresh.expires().getEpochSecond())
          .put(Labels.ID, fresh.id().value());

      var unit = c.unit();
      m.put(Labels.UEID, unit.ueid().value())
          .put(Labels.SOFTWARE_NAME, unit.softwareName())
          .put(Labels.SOFTWARE_VERSION, Cbor.list(Cbor.text(unit.softwareVersion())))
          .put(Labels.DEBUG, unit.debug().value())
          .put(Labels.BOOT_SEED, unit.bootSeed().value())
          .put(Labels.PROFILE, Claims.PROFILE);
      unit.bootCount().ifPresent(count -> m.put(Labels.BOOT_COUNT, (long) count));
      unit.uptime().ifPresent(seconds -> m.put(Labels.UPTIME, (long) seconds));
      unit.use().ifPresent(use -> m.put(Labels.INTENDED_USE, (long) use));

      var software = c.software();
      var measured = new ArrayList<>(software.measurements());
      measured.add(new Measurement(Measurement.CLOSURE, software.closure()));
      m.put(Labels.MEASUREMENTS, Named.list(measured, Measurement::toCbor));
      software
          .manifest()
          .ifPresent(tag ->
              m.put(Labels.MANIFESTS, Cbor.list(Cbor.list(Cbor.uint(COSWID), Named.bytes(tag)))));
      m.put(Labels.RESULTS, results(software.selfTests()));
      software
          .build()
          .ifPresent(build ->
              m.put(
                  Labels.BUILD,
                  Named.map(n ->
                      n.put("provenance", build.provenance()).put("builder", build.builder()))));

      m.put(Labels.CONFIRMATION, Cbor.map(cnf -> cnf.put(KEY_ID, c.confirmation().value())))
          .put(Labels.SEQUENCE, c.seq())
          .put(Labels.PREVIOUS, c.previous().value())
          .put(Labels.CHANNEL, c.channel().toCbor())
          .put(Labels.POLICY, c.policies().toCbor())
          .put(Labels.LOG, c.log().toCbor())
          .put(Labels.CLOCK, c.clock().toCbor())
          .put(Labels.HEALTH, Named.list(c.health(), Health::toCbor))
          .put(Labels.LIMITS, Named.list(c.limits(), Cbor::text))
          .put(Labels.STATE, c.state().toCbor())
          .put(Labels.COMMITTEE, Named.list(c.committees(), Membership::toCbor))
          .put(Labels.PEERS, Named.list(c.peers(), PeerReport::toCbor))
          .put(Labels.SCOPE, c.scope());
      m.put(
          Labels.SUBMODULES,
          Named.map(n ->
              n.put("hsm", c.hsm().toCbor())
                  .put("tpm", c.tpm(), TpmClaims::toCbor)
                  .put(
                      "shares",
                      Cbor.map(s ->
                          s.put(Labels.DEBUG, c.unit().debug().value())
                              .put(Labels.SHARES, Named.list(c.shares(), ShareClaim::toCbor))))));
    });
  }

  static Claims read(CborFields f) {
    f.require(
        f.text(Labels.PROFILE, 1, 100).equals(Claims.PROFILE),
        Labels.PROFILE,
        "is not " + Claims.PROFILE);
    var submodules = f.dictionary(Labels.SUBMODULES);
    for (var name : submodules.keySet()) {
      f.require(
          List.of("hsm", "tpm", "shares").contains(name),
          Labels.SUBMODULES,
          "holds a submodule that is not known");
    }
    var hsm = f.require(Optional.ofNullable(submodules.get("hsm")), Labels.SUBMODULES, "lacks hsm");
    var shares =
        f.require(Optional.ofNullable(submodules.get("shares")), Labels.SUBMODULES, "lacks shares");
    return new Claims(
        freshness(f),
        unit(f),
        software(f),
        new Octets(f.<byte[]>nested(Labels.CONFIRMATION, cnf -> cnf.bytes(KEY_ID, 32))),
        f.uint(Labels.SEQUENCE),
        new Octets(f.bytes(Labels.PREVIOUS, 48)),
        Claims.named(f, Labels.CHANNEL, Channel::read),
        Claims.named(f, Labels.POLICY, SigningPolicy.Set::read),
        Claims.named(f, Labels.LOG, LogState::read),
        Claims.named(f, Labels.CLOCK, ClockState::read),
        f.list(Labels.HEALTH, 0, 256, Health::read),
        Claims.texts(f, Labels.LIMITS, 64, 64),
        Claims.named(f, Labels.STATE, ApplianceState::read),
        Claims.list(f, Labels.COMMITTEE, 0, 256, Membership::read),
        f.has(Labels.PEERS) ? Claims.list(f, Labels.PEERS, 0, 256, PeerReport::read) : List.of(),
        f.text(Labels.SCOPE, 1, 64),
        submodule(hsm, "hsm", HsmClaims::read),
        Optional.ofNullable(submodules.get("tpm"))
            .map(item -> submodule(item, "tpm", TpmClaims::read)),
        submodule(
            shares,
            "shares",
            s -> {
              Claims.debug(s);
              return Claims.list(s, Labels.SHARES, 0, 4096, ShareClaim::read);
            }));
  }

  /** Within {@code NamedFields.catching}: a complaint passes through as one of named fields. */
  private static <T> T submodule(
      Cbor item, String name, java.util.function.Function<CborFields, T> schema) {
    return NamedFields.valued("submodule " + name, CborFields.read(item, schema));
  }

  private static Freshness freshness(CborFields f) {
    var nonces = new ArrayList<Octets>();
    for (var item : oneOrMore(f, Labels.NONCE)) {
      nonces.add(NamedFields.asOctets("claim " + Labels.NONCE, item, 8, 64));
    }
    var audiences = new ArrayList<String>();
    if (f.has(Labels.AUDIENCE)) {
      for (var item : oneOrMore(f, Labels.AUDIENCE)) {
        audiences.add(NamedFields.asText("claim " + Labels.AUDIENCE, item, 1, 256));
      }
    }
    f.require(
        audiences.isEmpty() || audiences.size() == nonces.size(),
        Labels.AUDIENCE,
        "is not in step with the nonces");
    long issued = f.uint(Labels.ISSUED_AT, 0, 1L << 40);
    long expires = f.uint(Labels.EXPIRES, 0, 1L << 40);
    f.require(
        expires > issued && expires - issued <= 3600,
        Labels.EXPIRES,
        "is not within an hour after the issue");
    return new Freshness(
        nonces,
        audiences,
        Instant.ofEpochSecond(issued),
        Instant.ofEpochSecond(expires),
        new Octets(f.bytes(Labels.ID, 16)));
  }

  private static List<Cbor> oneOrMore(CborFields f, long label) {
    return f.item(label) instanceof Cbor.Sequence ? f.list(label, 2, 16) : List.of(f.item(label));
  }

  private static Unit unit(CborFields f) {
    var ueid = new Octets(f.bytes(Labels.UEID, 33));
    f.require(ueid.value()[0] == 1, Labels.UEID, "is not of type RAND");
    return new Unit(
        ueid,
        f.text(Labels.SOFTWARE_NAME, 1, 64),
        f.nested(Labels.SOFTWARE_VERSION, v -> v.text(0, 1, 64)),
        Claims.debug(f),
        f.optional(Labels.BOOT_COUNT, g -> g.uint(Labels.BOOT_COUNT)),
        new Octets(f.bytes(Labels.BOOT_SEED, 32)),
        f.optional(Labels.UPTIME, g -> g.uint(Labels.UPTIME)),
        f.optional(Labels.INTENDED_USE, g -> g.uint(Labels.INTENDED_USE, 1, 5)));
  }

  private static Software software(CborFields f) {
    var measured = f.list(Labels.MEASUREMENTS, 1, MAX_MEASUREMENTS, Measurement::read);
    var closure = Measurement.claimedClosure(measured);
    return new Software(
        measured.stream().filter(m -> !m.name().equals(Measurement.CLOSURE)).toList(),
        f.require(closure, Labels.MEASUREMENTS, "has no closure"),
        f.optional(
            Labels.MANIFESTS,
            g ->
                g.list(
                        Labels.MANIFESTS,
                        1,
                        1,
                        pair -> {
                          pair.uint(0, COSWID, COSWID);
                          return new Octets(pair.bytes(1, 1, 1 << 16));
                        })
                    .getFirst()),
        results(f),
        f.optional(
            Labels.BUILD,
            g ->
                Claims.named(
                    g,
                    Labels.BUILD,
                    n -> new Build(n.octets("provenance", 48, 48), n.text("builder", 1, 256)))));
  }

  private static Cbor results(List<SelfTest> tests) {
    var systems = new LinkedHashMap<String, List<Cbor>>();
    for (var test : tests) {
      systems
          .computeIfAbsent(test.system(), _ -> new ArrayList<>())
          .add(Cbor.list(Cbor.text(test.id()), Cbor.uint(test.result())));
    }
    return Named.list(
        systems.entrySet(),
        entry -> Cbor.list(Cbor.text(entry.getKey()), Cbor.list(entry.getValue())));
  }

  private static List<SelfTest> results(CborFields f) {
    var tests = new ArrayList<SelfTest>();
    f.list(
        Labels.RESULTS,
        0,
        64,
        system -> {
          var name = system.text(0, 1, 64);
          return system.list(
              1,
              1,
              256,
              test -> tests.add(new SelfTest(name, test.text(0, 1, 64), (int) test.uint(1, 1, 4))));
        });
    return tests;
  }
}
