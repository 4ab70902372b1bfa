package dev.trafficctl.cli.state;

/**
 * An operator whose state a savepoint or checkpoint holds.
 *
 * @param uid the uid that the job gave it, or null if the state does not tell
 * @param name its name, or null if the state does not tell
 * @param id the id that Flink made of the uid, 32 hexadecimal digits
 * @param parallelism how many subtasks it had
 * @param maxParallelism the largest parallelism with which its state can be restored
 * @param bytes the size of its state
 * @param hasState whether there is any state that an operator would have to take
 */
public record OperatorEntry(
    String uid,
    String name,
    String id,
    int parallelism,
    int maxParallelism,
    long bytes,
    boolean hasState) {}
