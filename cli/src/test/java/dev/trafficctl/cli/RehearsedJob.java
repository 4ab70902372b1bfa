package dev.trafficctl.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A job that could be started as long as Flink only asks for its plan, and cannot when it is to be
 * started: what comes in the way between the rehearsal and the start.
 */
public final class RehearsedJob {
  private RehearsedJob() {}

  /** Runs in Flink. */
  public static void main(String[] args) throws Exception {
    boolean rehearsal =
        Arrays.stream(new Throwable().getStackTrace())
            .anyMatch(frame -> frame.getClassName().contains("JarPlanHandler"));
    if (!rehearsal) {
      throw new IllegalStateException("the disk is full");
    }
    Class.forName("dev.trafficctl.job.TrafficJob")
        .getMethod("main", String[].class)
        .invoke(null, (Object) args);
  }

  /** Writes a jar that is the job's but for its entry point. */
  static void write(Path jar, Path like) throws IOException {
    String own = RehearsedJob.class.getName().replace('.', '/') + ".class";
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, RehearsedJob.class.getName());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        JarFile in = new JarFile(like.toFile());
        InputStream code = RehearsedJob.class.getClassLoader().getResourceAsStream(own)) {
      out.setLevel(1);
      out.putNextEntry(new JarEntry(own));
      code.transferTo(out);
      Enumeration<JarEntry> entries = in.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
          out.putNextEntry(new JarEntry(entry.getName()));
          in.getInputStream(entry).transferTo(out);
        }
      }
    }
  }
}
