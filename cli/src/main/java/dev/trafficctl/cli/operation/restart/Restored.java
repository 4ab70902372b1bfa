package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.state.StateFile;

/**
 * What a restart restores, as far as it is known.
 *
 * @param path where it lies, or null if nothing is restored
 * @param whatEnds whether it is only an earlier one than that which comes into being as the job
 *     ends
 * @param file what is in it, or null
 */
record Restored(String path, boolean whatEnds, StateFile file) {}
