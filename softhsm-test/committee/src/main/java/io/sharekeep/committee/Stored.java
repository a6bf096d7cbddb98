package io.sharekeep.committee;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** What lies in a party's state folder, read beside the appliance that writes it. */
final class Stored {
  private Stored() {}

  /**
   * The certificates of a key that this party holds, as one string: the same bundle, the same
   * string.
   *
   * @param parties how many there have to be
   */
  static String certificates(Path stateFolder, String keyId, int parties) {
    var bundle = new StringBuilder();
    int found = 0;
    try (var database =
            DriverManager.getConnection("jdbc:sqlite:" + stateFolder.resolve("state.db"));
        var statement =
            database.prepareStatement(
                "select party, statement from key_statement where key_id = ? and kind ="
                    + " 'certificate' order by party")) {
      statement.setString(1, keyId);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found++;
          bundle.append(rows.getInt(1)).append(':');
          bundle.append(HexFormat.of().formatHex(rows.getBytes(2))).append(' ');
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the store below " + stateFolder, e);
    }
    if (found != parties) {
      throw new AssertionError(
          stateFolder + " holds " + found + " certificates of key " + keyId + ": " + bundle);
    }
    return bundle.toString();
  }

  /**
   * The session ids under which this party has sent its part of a signature → hash of the context
   * that it signed for, both in hex.
   *
   * @throws AssertionError where one was spent twice
   */
  static Map<String, String> sessions(Path stateFolder) {
    var sessions = new TreeMap<String, String>();
    try (var database =
            DriverManager.getConnection("jdbc:sqlite:" + stateFolder.resolve("state.db"));
        var statement = database.createStatement();
        var rows = statement.executeQuery("select id, binding from consumed")) {
      while (rows.next()) {
        var id = HexFormat.of().formatHex(rows.getBytes(1));
        if (sessions.put(id, HexFormat.of().formatHex(rows.getBytes(2))) != null) {
          throw new AssertionError(stateFolder + " has spent session " + id + " twice");
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the store below " + stateFolder, e);
    }
    return sessions;
  }
}
