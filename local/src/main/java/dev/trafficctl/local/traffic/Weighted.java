package dev.trafficctl.local.traffic;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Things of which some are chosen more often than others, each in constant time: Walker's alias
 * method.
 *
 * @param <T> what is chosen
 */
final class Weighted<T> {
  private final List<T> things;
  private final double[] threshold;
  private final int[] alias;

  /** Things with their weights, in the same order. */
  Weighted(List<T> things, double[] weights) {
    int size = things.size();
    this.things = List.copyOf(things);
    this.threshold = new double[size];
    this.alias = new int[size];
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    Deque<Integer> small = new ArrayDeque<>();
    Deque<Integer> large = new ArrayDeque<>();
    for (int i = 0; i < size; i++) {
      threshold[i] = weights[i] * size / sum;
      alias[i] = i;
      (threshold[i] < 1 ? small : large).add(i);
    }
    while (!small.isEmpty() && !large.isEmpty()) {
      int less = small.remove();
      int more = large.remove();
      alias[less] = more;
      threshold[more] -= 1 - threshold[less];
      (threshold[more] < 1 ? small : large).add(more);
    }
    for (int rest : small) {
      threshold[rest] = 1;
    }
  }

  /** Things whose weight falls with their place, as Zipf's law has it: 1, 1/2, 1/3 and so on. */
  static <T> Weighted<T> zipf(List<T> things) {
    double[] weights = new double[things.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1.0 / (i + 1);
    }
    return new Weighted<>(things, weights);
  }

  T choose(RandomGenerator random) {
    double place = random.nextDouble() * threshold.length;
    int slot = (int) place;
    return things.get(place - slot < threshold[slot] ? slot : alias[slot]);
  }
}
