package dev.trafficctl.local;

/** A process of the Flink cluster. */
abstract class FlinkPart extends Part {
  FlinkPart(String name, StackDirectory directory) {
    super(name, directory);
  }
}
