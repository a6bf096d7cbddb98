package io.sharekeep.pkcs11.sun;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A list of words on one line, between a process and its child. */
final class Lines {
  private Lines() {}

  static String of(List<String> words) {
    return words.stream()
        .map(word -> "." + URLEncoder.encode(word, StandardCharsets.UTF_8))
        .collect(Collectors.joining(" "));
  }

  static List<String> read(String line) {
    return Arrays.stream(line.split(" "))
        .map(word -> URLDecoder.decode(word.substring(1), StandardCharsets.UTF_8))
        .toList();
  }
}
