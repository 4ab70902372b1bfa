package dev.trafficctl.job;

import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StateNames;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;

/** How the job was started, as state, for those who have nothing of the job but that. */
final class DescriptionState {
  private final ListState<String> state;

  DescriptionState(FunctionInitializationContext context) throws Exception {
    state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>(StateNames.DESCRIPTION, String.class));
  }

  /** Puts it into the state of the first subtask. */
  void snapshot(RuntimeContext context) throws Exception {
    state.clear();
    Map<String, String> parameters = context.getGlobalJobParameters();
    // There are none where the stages are tested without the job's main().
    if (context.getTaskInfo().getIndexOfThisSubtask() == 0
        && parameters.containsKey(StartDescription.ARGUMENTS)) {
      state.add(
          StartDescription.of(
                  context.getJobInfo().getJobName(),
                  context.getTaskInfo().getNumberOfParallelSubtasks(),
                  parameters)
              .toJson());
    }
  }
}
