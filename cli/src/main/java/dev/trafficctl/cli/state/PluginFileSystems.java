package dev.trafficctl.cli.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.process.Installation;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.apache.flink.core.plugin.PluginDescriptor;
import org.apache.flink.core.plugin.PluginManager;

/**
 * File systems such as S3, by Flink's own plug-ins: a directory for each, with its jars, in {@code
 * $FLINK_PLUGINS_DIR} or in {@code plugins} beside this program. They are loaded when the first
 * path is met that needs one, with what {@code $FLINK_CONF_DIR/config.yaml} says, if there is one.
 */
public final class PluginFileSystems {
  private static final String CONFIGURATION_VARIABLE = "FLINK_CONF_DIR";

  private final Path directory;
  private final Path configuration;
  private boolean loaded;

  private PluginFileSystems(Path directory, Path configuration) {
    this.directory = directory;
    this.configuration = configuration;
  }

  /** Those that environment variables name, or that lie beside the program. */
  public static PluginFileSystems of(Map<String, String> variables, Installation installation) {
    return in(installation.pluginDirectory(variables), variables);
  }

  /** Those that this machine has for a cluster, or null if it has none. */
  public static PluginFileSystems of(Cluster cluster) {
    return cluster.plugins() == null ? null : in(cluster.plugins(), cluster.environment());
  }

  private static PluginFileSystems in(Path directory, Map<String, String> variables) {
    String settings = variables.getOrDefault(CONFIGURATION_VARIABLE, "");
    return new PluginFileSystems(
        directory, settings.isBlank() ? null : Path.of(settings).resolve("config.yaml"));
  }

  /**
   * The file system of a path.
   *
   * @param path a URL with a scheme, in which nothing is encoded
   * @throws IOException with a message for users when there is none, or when it cannot be reached
   */
  FileSystem of(String path) throws IOException {
    URI uri;
    try {
      uri = new org.apache.flink.core.fs.Path(path).toUri();
      // Flink's own path accepts a URL without a host where a URL needs one.
      uri = new URI(uri.getScheme(), uri.getAuthority(), "/", null, null);
    } catch (IllegalArgumentException | URISyntaxException e) {
      throw new IOException("it is no path of Flink", e);
    }
    load();
    try {
      return FileSystem.getUnguardedFileSystem(uri);
    } catch (UnsupportedFileSystemSchemeException e) {
      throw new IOException(
          "there is no Flink file-system plug-in for "
              + uri.getScheme()
              + " in "
              + directory
              + "; put it there, or set "
              + Installation.PLUGINS_VARIABLE
              + " to the plugins directory of a Flink",
          e);
    } catch (LinkageError | RuntimeException e) {
      throw new IOException(
          "the Flink file-system plug-in for "
              + uri.getScheme()
              + " in "
              + directory
              + " fails: "
              + e,
          e);
    }
  }

  private void load() throws IOException {
    if (loaded) {
      return;
    }
    Configuration settings = settings();
    // What a plug-in logs is for the log of a Flink. Here it would bury the words for users.
    Logger.getLogger("").setLevel(Level.OFF);
    try {
      PluginManager plugins =
          new DefaultPluginManager(
              found(), CoreOptions.getPluginParentFirstLoaderPatterns(settings));
      FileSystem.initialize(settings, plugins);
    } catch (RuntimeException e) {
      throw new IOException("the plug-ins in " + directory + " cannot be loaded: " + e, e);
    }
    loaded = true;
  }

  private Collection<PluginDescriptor> found() throws IOException {
    return Files.isDirectory(directory)
        ? new DirectoryBasedPluginFinder(directory).findPlugins()
        : List.of();
  }

  private Configuration settings() throws IOException {
    Map<String, String> flat = new HashMap<>();
    if (configuration != null && Files.isReadable(configuration)) {
      flatten("", new YAMLMapper().readTree(configuration.toFile()), flat);
    }
    return Configuration.fromMap(flat);
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> flat) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  flatten(
                      prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey(),
                      entry.getValue(),
                      flat));
    } else if (node.isValueNode() && !node.isNull()) {
      flat.put(prefix, node.asText());
    }
  }
}
