package dev.trafficctl.cli.command.option;

import picocli.CommandLine.ITypeConverter;

/** Reads a whole number within bounds, written with plain digits. */
public abstract sealed class IntegerConverter implements ITypeConverter<Integer> {
  private final int least;
  private final int most;

  private IntegerConverter(int least, int most) {
    this.least = least;
    this.most = most;
  }

  @Override
  public final Integer convert(String text) {
    return (int) LongConverter.parse(text, least, most);
  }

  /** How many of something there may be, none included. */
  public static final class AtLeastZero extends IntegerConverter {
    AtLeastZero() {
      super(0, Integer.MAX_VALUE);
    }
  }

  /** How many of something there are. */
  public static final class AtLeastOne extends IntegerConverter {
    AtLeastOne() {
      super(1, Integer.MAX_VALUE);
    }
  }

  /** Lines of a log that are kept in memory. */
  public static final class Lines extends IntegerConverter {
    Lines() {
      super(1, 100_000);
    }
  }

  /** The partitions of a topic: from 1 to 10000, the most that a broker makes at once. */
  public static final class Partitions extends IntegerConverter {
    Partitions() {
      super(1, 10_000);
    }
  }

  /** TaskManagers on this machine, each of them a process. */
  public static final class TaskManagers extends IntegerConverter {
    TaskManagers() {
      super(1, 100);
    }
  }

  /** The slots of a TaskManager; more than Flink's highest parallelism could never be used. */
  public static final class Slots extends IntegerConverter {
    Slots() {
      super(1, ParallelismConverter.MOST);
    }
  }

  /** A TCP port, or 0 for any free one. */
  public static final class Port extends IntegerConverter {
    Port() {
      super(0, 65_535);
    }
  }
}
