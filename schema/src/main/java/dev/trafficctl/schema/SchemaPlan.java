package dev.trafficctl.schema;

import dev.trafficctl.model.SchemaVersion;
import dev.trafficctl.model.Tables;
import java.util.List;

/**
 * What is to be done with tables so that they are of the newest version.
 *
 * @param place the schema of the database that they are in, or come into
 * @param found the version that they are of
 */
public record SchemaPlan(String place, SchemaVersion found) {
  /** The files of SQL that are to be applied, in their order. */
  public List<String> files() {
    return Schema.FILES.subList(found.number(), Schema.FILES.size());
  }

  /** Whether the tables were made without that being recorded, and are taken over as they are. */
  public boolean takesOver() {
    return found.number() > 0 && !found.recorded();
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return found.recorded() && found.number() == Tables.VERSION;
  }
}
