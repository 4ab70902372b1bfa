package dev.trafficctl.job;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StateNames;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The topology: read and parse, filter, write, with reject beside it, in one chain of operators.
 * Every operator has a uid, so that state finds its way back after the code has changed.
 */
final class Pipeline {
  static final String READ = StateNames.READ;
  static final String FILTER = StateNames.FILTER;
  static final String WRITE = "write";
  static final String REJECT = "reject";

  private final Settings settings;

  Pipeline(Settings settings) {
    this.settings = settings;
  }

  /** The source with its parser, starting where the offsets say. */
  Source<KafkaEvent, ?, ?> source(ResolvedStart start) {
    return new EventSource(settings, start);
  }

  /** Puts the stages between any source and any sinks, so that the topology can be tested alone. */
  void define(
      StreamExecutionEnvironment env,
      Source<KafkaEvent, ?, ?> source,
      FilterFunction filter,
      Sink<ProcessedEvent> write,
      Sink<RejectedEvent> reject) {
    configure(env);
    SingleOutputStreamOperator<ProcessedEvent> kept =
        env.fromSource(source, watermarks(), READ)
            .uid(READ)
            .name(READ)
            .process(filter)
            .uid(FILTER)
            .name(FILTER);
    kept.sinkTo(write).uid(WRITE).name(WRITE);
    kept.getSideOutput(FilterFunction.REJECTED).sinkTo(reject).uid(REJECT).name(REJECT);
  }

  private WatermarkStrategy<KafkaEvent> watermarks() {
    return WatermarkStrategy.<KafkaEvent>forBoundedOutOfOrderness(settings.outOfOrderness())
        .withTimestampAssigner(
            (record, previous) ->
                record.event() == null
                    ? TimestampAssigner.NO_TIMESTAMP
                    : Math.floorDiv(record.event().eventTimeMicros(), 1000L))
        .withIdleness(settings.idleTimeout());
  }

  private void configure(StreamExecutionEnvironment env) {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, settings.checkpointInterval());
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 3);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofSeconds(1));
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofSeconds(10));
    // A record type that Flink cannot serialize as a POJO would cost more than all the rest.
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    env.configure(configuration);
    env.setMaxParallelism(settings.maxParallelism());
    // The stages pass immutable records on, so nothing needs a copy of them.
    env.getConfig().enableObjectReuse();
  }
}
