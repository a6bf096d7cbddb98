package io.sharekeep.appliance.cli;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.util.ArrayList;
import java.util.List;

/**
 * A QR code (ISO/IEC 18004) for a terminal: two rows of modules in a line of text, black on white
 * whatever the terminal's own colours are.
 */
final class QrCode {
  /** Modules of white that a reader needs on each side. */
  private static final int QUIET = 4;

  private static final String BLACK_ON_WHITE = "\u001b[30;107m";
  private static final String RESET = "\u001b[0m";

  private final ByteMatrix modules;

  private QrCode(ByteMatrix modules) {
    this.modules = modules;
  }

  /**
   * @param text ASCII, at most some 2,900 characters
   */
  static QrCode of(String text) {
    try {
      return new QrCode(Encoder.encode(text, ErrorCorrectionLevel.L).getMatrix());
    } catch (WriterException e) {
      throw new IllegalArgumentException("no QR code holds " + text.length() + " characters", e);
    }
  }

  /** Modules along a side, without the white around them. */
  int size() {
    return modules.getWidth();
  }

  boolean dark(int x, int y) {
    return x >= 0
        && y >= 0
        && x < modules.getWidth()
        && y < modules.getHeight()
        && modules.get(x, y) == 1;
  }

  List<String> lines() {
    var lines = new ArrayList<String>();
    for (int y = -QUIET; y < size() + QUIET; y += 2) {
      var line = new StringBuilder(BLACK_ON_WHITE);
      for (int x = -QUIET; x < size() + QUIET; x++) {
        boolean upper = dark(x, y);
        boolean lower = dark(x, y + 1);
        line.append(upper ? lower ? '█' : '▀' : lower ? '▄' : ' ');
      }
      lines.add(line.append(RESET).toString());
    }
    return lines;
  }
}
