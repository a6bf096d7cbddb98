package io.sharekeep.pkcs11.profile;

/**
 * What a library and a token call themselves.
 *
 * @param library the real path
 * @param manufacturer of the token, CK_TOKEN_INFO
 * @param model of the token
 * @param description of the library, CK_INFO
 * @param version of the library, such as 2.6
 */
public record Identity(
    String library, String manufacturer, String model, String description, String version) {
  String named(String field) {
    return switch (field) {
      case "library" -> library;
      case "manufacturer" -> manufacturer;
      case "model" -> model;
      case "description" -> description;
      case "version" -> version;
      default -> throw new IllegalArgumentException("nothing is matched by " + field);
    };
  }
}
