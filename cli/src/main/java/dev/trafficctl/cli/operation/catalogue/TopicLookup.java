package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.state.StateFile;
import java.util.Optional;
import java.util.function.Function;

/** Finds the topic that a job is to read when a state is compared with it, and once only. */
public final class TopicLookup {
  private final Function<StateFile, Optional<ReadTopic>> ask;
  private Optional<ReadTopic> answer;

  /**
   * With who knows the topic.
   *
   * @param ask gives nothing where the topic cannot be looked at; a state is given to it since it
   *     may be all that tells how the job was started
   */
  public TopicLookup(Function<StateFile, Optional<ReadTopic>> ask) {
    this.ask = ask;
  }

  /** Where it is not asked of which topic a state is. */
  static TopicLookup none() {
    return new TopicLookup(state -> Optional.empty());
  }

  /** Of which other topic a state is, in words; nothing if it is of this one, or not known. */
  Optional<String> other(StateFile state) {
    if (state == null || state.topicId() == null) {
      return Optional.empty();
    }
    if (answer == null) {
      answer = ask.apply(state);
    }
    return answer.filter(topic -> !topic.isOf(state)).map(topic -> topic.other(state));
  }
}
