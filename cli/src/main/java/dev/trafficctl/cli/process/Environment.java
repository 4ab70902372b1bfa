package dev.trafficctl.cli.process;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.time.Clock;
import java.util.Map;

/**
 * What a command has of the outside world, so that a test can give it another one.
 *
 * @param in where a person answers
 * @param out where data goes
 * @param err where words go
 * @param terminal whether a person watches {@code err}
 * @param outTerminal whether a person watches {@code out}
 * @param interactive whether a person can be asked: {@code in} is a terminal, and so is {@code err}
 * @param variables the environment variables
 * @param clock the time
 * @param sleeper how to wait
 * @param installation where this program's own files lie
 * @param next what is typed next, by whom a message tells to
 */
public record Environment(
    BufferedReader in,
    Stdout out,
    PrintWriter err,
    boolean terminal,
    boolean outTerminal,
    boolean interactive,
    Map<String, String> variables,
    Clock clock,
    Sleeper sleeper,
    Installation installation,
    NextCommands next) {
  /** Without anybody to hear or to answer, and without variables. */
  public static Environment silent(Installation installation, NextCommands next) {
    return new Environment(
        new BufferedReader(Reader.nullReader()),
        new Stdout(Writer.nullWriter()),
        new PrintWriter(Writer.nullWriter()),
        false,
        false,
        false,
        Map.of(),
        Clock.systemUTC(),
        Sleeper.real(),
        installation,
        next);
  }
}
