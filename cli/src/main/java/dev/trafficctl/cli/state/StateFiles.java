package dev.trafficctl.cli.state;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateHandleStreamImpl;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/**
 * The files that a metadata file refers to, and whether they are there; small state is inside the
 * metadata file itself and needs none.
 */
final class StateFiles {
  private final List<String> problems = new ArrayList<>();
  private final PluginFileSystems plugins;
  private final Set<Path> places = new HashSet<>();
  private final SortedSet<String> named = new TreeSet<>();
  private final String storage;
  private String elsewhere;

  private StateFiles(String directory, PluginFileSystems plugins) {
    this.storage = storage(directory);
    this.plugins = plugins;
  }

  /**
   * Those of a metadata file in a directory.
   *
   * @param plugins the file systems that can be read besides the local one, or null
   */
  static StateFiles of(CheckpointMetadata metadata, String directory, PluginFileSystems plugins) {
    StateFiles files = new StateFiles(directory, plugins);
    for (OperatorState operator : metadata.getOperatorStates()) {
      for (OperatorSubtaskState subtask : operator.getStates()) {
        files.operatorStates(subtask.getManagedOperatorState());
        files.operatorStates(subtask.getRawOperatorState());
        subtask.getManagedKeyedState().forEach(files::keyedState);
        subtask.getRawKeyedState().forEach(files::keyedState);
        subtask.getInputChannelState().forEach(files::channelState);
        subtask.getResultSubpartitionState().forEach(files::channelState);
      }
    }
    return files;
  }

  /** The first file that is missing or too short, in words. */
  Optional<String> problem() {
    return problems.stream()
        .findFirst()
        .map(
            first ->
                problems.size() == 1 ? first : first + ", and " + (problems.size() - 1) + " more");
  }

  /** A file that only Flink can read. */
  Optional<String> elsewhere() {
    return Optional.ofNullable(elsewhere);
  }

  /** The files on this machine. */
  Set<Path> places() {
    return places;
  }

  /** Those that do not lie within a directory, as the metadata names them, in their order. */
  List<String> outside(StatePath directory) {
    return named.stream().filter(file -> !isWithin(file, directory)).toList();
  }

  private static boolean isWithin(String file, StatePath directory) {
    Optional<Path> place = StatePath.place(file);
    if (place.isEmpty() || directory.local().isEmpty()) {
      return StatePath.of(file).text().startsWith(directory.text() + "/");
    }
    try {
      return place.get().toRealPath().startsWith(directory.local().get().toRealPath());
    } catch (IOException e) {
      return place.get().normalize().startsWith(directory.local().get().normalize());
    }
  }

  /** Scheme and host of a place that is not a local one. */
  private static String storage(String place) {
    return place.replaceFirst("(?<=://)([^/]*)/.*", "$1");
  }

  private void operatorStates(Collection<OperatorStateHandle> handles) {
    handles.forEach(handle -> stream(handle.getDelegateStateHandle()));
  }

  private void keyedState(KeyedStateHandle handle) {
    if (handle instanceof StreamStateHandle stream) {
      stream(stream);
    } else if (handle instanceof IncrementalRemoteKeyedStateHandle incremental) {
      incremental.streamSubHandles().forEach(this::stream);
    } else if (handle instanceof ChangelogStateBackendHandle changelog) {
      changelog.getMaterializedStateHandles().forEach(this::keyedState);
      changelog.getNonMaterializedStateHandles().forEach(this::keyedState);
    } else if (handle instanceof ChangelogStateHandleStreamImpl changes) {
      changes.getHandlesAndOffsets().forEach(change -> stream(change.f0));
    }
  }

  private void channelState(StateObject handle) {
    if (handle instanceof AbstractChannelStateHandle<?> channel) {
      stream(channel.getDelegate());
    }
  }

  private void stream(StreamStateHandle handle) {
    if (handle instanceof SegmentFileStateHandle segment) {
      check(segment.getFilePath().toString(), segment.getStartPos() + segment.getStateSize());
    } else if (handle instanceof FileStateHandle file) {
      check(file.getFilePath().toString(), file.getStateSize());
    } else {
      handle.maybeGetPath().ifPresent(path -> check(path.toString(), handle.getStateSize()));
    }
  }

  private void check(String path, long atLeast) {
    named.add(path);
    Optional<Path> place = StatePath.place(path);
    // Only the storage that was named is asked, not another one that a file there names.
    if (place.isEmpty() && (plugins == null || !storage(path).equals(storage))) {
      elsewhere = path;
      return;
    }
    place.ifPresent(places::add);
    String shown = place.map(Path::toString).orElse(path);
    try {
      long size = place.isPresent() ? Files.size(place.get()) : remoteSize(path);
      if (size < atLeast) {
        problems.add(shown + " has " + size + " bytes instead of " + atLeast);
      }
    } catch (FileNotFoundException | NoSuchFileException e) {
      problems.add("there is no " + shown);
    } catch (IOException e) {
      if (place.isPresent()) {
        problems.add("there is no " + shown);
      } else {
        elsewhere = path;
      }
    }
  }

  private long remoteSize(String path) throws IOException {
    return plugins.of(path).getFileStatus(new org.apache.flink.core.fs.Path(path)).getLen();
  }
}
