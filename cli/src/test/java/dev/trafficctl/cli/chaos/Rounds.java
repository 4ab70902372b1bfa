package dev.trafficctl.cli.chaos;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * How often something is tried, and the seed of the moments at which it is disturbed.
 *
 * @param count how often; the system property {@code trafficctl.rounds} sets it
 * @param seed the system property {@code trafficctl.seed} sets it
 */
record Rounds(int count, long seed) {
  /** With another count when none is set. */
  static Rounds orElse(int count) {
    return new Rounds(
        Integer.getInteger("trafficctl.rounds", count),
        Long.getLong("trafficctl.seed", System.nanoTime()));
  }

  RandomGenerator random() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
