package dev.trafficctl.cli.flink;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The id of an asynchronous operation. Whoever asks for the same thing makes the same id, and Flink
 * does only once what it is asked under one id (FLINK-18312 calls it the trigger id).
 *
 * @param text 32 hexadecimal digits in lower case
 */
public record TriggerId(String text) {
  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException when it is no trigger id
   */
  public TriggerId {
    if (!is(text)) {
      throw new IllegalArgumentException("a trigger id is 32 hexadecimal digits in lower case");
    }
  }

  /**
   * The id of an attempt at something. Savepoint and stop share one table of ids in Flink, so the
   * verb is part of it.
   *
   * @param verb such as {@code savepoint} or {@code stop}
   * @param job the job that it is done to
   * @param attempt from 1
   */
  public static TriggerId of(String verb, JobId job, int attempt) {
    return new TriggerId(digest(verb + "/" + job + "/" + attempt));
  }

  /** Whether a text is a trigger id. */
  static boolean is(String text) {
    return text.matches("[0-9a-f]{32}");
  }

  /** The first 128 bits of the SHA-256 of a text, as 32 hexadecimal digits. */
  public static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
