package dev.trafficctl.cli.command.option;

import dev.trafficctl.model.Tables;
import picocli.CommandLine.ITypeConverter;

/**
 * Reads a version of the tables' schema, or 0 for none. The newest one is asked for only then: it
 * follows from all columns, which no other command needs as it starts.
 */
public final class SchemaVersionConverter implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    return (int) LongConverter.parse(text, 0, Tables.VERSION);
  }
}
