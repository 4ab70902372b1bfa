package dev.trafficctl.cli.command.rejected;

import dev.trafficctl.cli.postgres.RejectedSelection.Range;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Offsets of one partition, as {@code N} or {@code N=FROM..TO}.
 *
 * @param partition its number
 * @param range which of its offsets
 */
record PartitionRange(int partition, Range range) {
  /** The option's value that is read as this. */
  String text() {
    return range.equals(Range.ALL)
        ? Integer.toString(partition)
        : "%d=%d..%d".formatted(partition, range.from(), range.to());
  }

  /** Reads one. */
  static final class Converter implements ITypeConverter<PartitionRange> {
    private static final Pattern FORM =
        Pattern.compile("([0-9]{1,9})(?:=([0-9]{1,18})\\.\\.([0-9]{1,18}))?");

    @Override
    public PartitionRange convert(String text) {
      Matcher parts = FORM.matcher(text);
      if (!parts.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is not N or N=FROM..TO, for example 0=1200..1300");
      }
      Range range =
          parts.group(2) == null
              ? Range.ALL
              : new Range(Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3)));
      if (range.from() >= range.to()) {
        throw new TypeConversionException(text + " holds no offset: FROM is not before TO");
      }
      return new PartitionRange(Integer.parseInt(parts.group(1)), range);
    }
  }
}
