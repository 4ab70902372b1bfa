package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.TableNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

/** The page of the metrics has those that the job registers, and no others. */
class DocumentedMetricsTest {
  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private final List<String> registered = new ArrayList<>();

  @Test
  void theDeserializer() throws IOException {
    new IgnoredFields(new Group("deserializer.")).count("NAME");

    assertThat(registered).containsExactlyInAnyOrderElementsOf(documented("Source: read"));
  }

  @Test
  void theFilter() throws IOException {
    new FilterMetrics(new Group(""), List.of("RULE"));

    List<String> expected = new ArrayList<>();
    for (String name : documented("filter")) {
      if (name.endsWith(".REASON")) {
        Arrays.stream(RejectionReason.values())
            .forEach(reason -> expected.add(name.replace("REASON", reason.code())));
      } else {
        expected.add(name);
      }
    }
    assertThat(registered).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void theWriter() throws IOException {
    new PostgresWriter(null, null, TableNames.DEFAULT, null, new Group(""));

    assertThat(registered).containsExactlyInAnyOrderElementsOf(documented("write: Writer"));
  }

  /** The names in the second column of an operator's rows. */
  private static List<String> documented(String operator) throws IOException {
    List<String> names = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| `" + operator + "` |")) {
        Matcher name = NAME.matcher(line.split(" \\| ", -1)[1]);
        while (name.find()) {
          names.add(name.group(1));
        }
      }
    }
    return names;
  }

  /** Notes the names of what is registered. */
  private final class Group extends UnregisteredMetricsGroup {
    private final String prefix;

    Group(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public Counter counter(String name) {
      registered.add(prefix + name);
      return super.counter(name);
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
      registered.add(prefix + name);
      return super.gauge(name, gauge);
    }

    @Override
    public <M extends Meter> M meter(String name, M meter) {
      registered.add(prefix + name);
      return super.meter(name, meter);
    }

    @Override
    public <H extends Histogram> H histogram(String name, H histogram) {
      registered.add(prefix + name);
      return super.histogram(name, histogram);
    }

    @Override
    public MetricGroup addGroup(String name) {
      return new Group(prefix + name + ".");
    }
  }
}
