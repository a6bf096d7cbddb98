import org.jspecify.annotations.NullMarked;

/** The face of the appliance: it speaks HTTP, shows and wires. It decides nothing about keys. */
@NullMarked
module io.sharekeep.appliance {
  requires static org.jspecify;
  requires io.sharekeep.attestation;
  requires io.sharekeep.cbor;
  requires io.sharekeep.enclave;
  requires io.sharekeep.pkcs11;
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires com.google.zxing;
  requires info.picocli;
  requires io.netty.common;
  requires io.netty.transport;
  requires io.prometheus.metrics.config;
  requires io.prometheus.metrics.core;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires io.vertx.core;
  requires io.vertx.web;
  requires java.net.http;
  requires jdk.net;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.slf4j;

  exports io.sharekeep.appliance;

  opens io.sharekeep.appliance.cli to
      info.picocli;

  provides ch.qos.logback.classic.spi.Configurator with
      io.sharekeep.appliance.logging.Logs;
}
