package dev.trafficctl.model;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version that was built. */
public final class BuildVersion {
  private BuildVersion() {}

  /** The version of this build, such as 0.1.0. */
  public static String current() {
    try (InputStream in = BuildVersion.class.getResourceAsStream("build.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new IllegalStateException("The build's own version cannot be read", e);
    }
  }
}
