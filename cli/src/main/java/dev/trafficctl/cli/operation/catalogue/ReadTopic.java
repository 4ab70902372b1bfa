package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StateFile;

/**
 * The topic that a job is to read. Made anew under its name it has another id, and offsets of
 * before say nothing of what is in it.
 *
 * @param name its name
 * @param id its id (KIP-516), in Kafka's own notation
 */
public record ReadTopic(String name, String id) {
  /** Whether a state tells offsets of this topic, or does not tell of which topic they are. */
  boolean isOf(StateFile state) {
    return state.topicId() == null || state.topicId().equals(id);
  }

  /** Of which topic a state is that is not of this one. */
  String other(StateFile state) {
    return "topic %s with the id %s, which is %s now"
        .formatted(Text.safe(name), Text.safe(state.topicId()), id);
  }

  /**
   * Makes sure that a state is of this topic.
   *
   * @throws CommandException with {@link ExitCode#REFUSED} when it is not
   */
  public void require(StateFile state) {
    if (!isOf(state)) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the state was made while topic "
              + name
              + " had the id "
              + state.topicId()
              + ", and it is "
              + id
              + " now: its offsets say nothing of this topic; start without state, for example"
              + " --from-earliest");
    }
  }
}
