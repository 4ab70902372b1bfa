package dev.trafficctl.cli.journal;

import dev.trafficctl.cli.process.ExitCode;
import java.time.Instant;

/**
 * How an operation ended.
 *
 * @param at when that was found out
 * @param outcome what the exit code was, or would have been
 * @param path the savepoint or checkpoint that there is now, or null
 * @param message what was said
 */
public record Ended(Instant at, ExitCode outcome, String path, String message) {}
