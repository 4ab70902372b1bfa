package dev.trafficctl.schema;

import dev.trafficctl.model.TableNames;
import java.io.Reader;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;

/** The files of SQL as Flyway takes them, with the names of one job's tables. */
final class SchemaFiles implements ResourceProvider {
  private final TableNames names;

  SchemaFiles(TableNames names) {
    this.names = names;
  }

  @Override
  public LoadableResource getResource(String name) {
    return Schema.FILES.contains(name) ? new File(name) : null;
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    List<LoadableResource> found =
        Schema.FILES.stream()
            .filter(name -> name.startsWith(prefix))
            .filter(name -> Arrays.stream(suffixes).anyMatch(name::endsWith))
            .<LoadableResource>map(File::new)
            .toList();
    return found;
  }

  private final class File extends LoadableResource {
    private final String name;

    File(String name) {
      this.name = name;
    }

    @Override
    public Reader read() {
      return new StringReader(Schema.file(name, names));
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
