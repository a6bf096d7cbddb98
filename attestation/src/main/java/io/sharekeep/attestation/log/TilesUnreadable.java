package io.sharekeep.attestation.log;

/** A tile or a bundle of entries is missing, or is not what its name says. */
public final class TilesUnreadable extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String file;
  private final String why;

  /**
   * @param file below the folder of the log, as C2SP tlog-tiles names it
   * @param why ends the sentence that begins with the file
   */
  public TilesUnreadable(String file, String why) {
    super(file + " " + why);
    this.file = file;
    this.why = why;
  }

  public String file() {
    return file;
  }

  public String why() {
    return why;
  }
}
