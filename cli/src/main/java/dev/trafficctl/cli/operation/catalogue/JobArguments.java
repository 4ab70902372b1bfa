package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.model.Setting;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StartDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments with which a job is started, as pairs of a name and a value. What is wrong with
 * them is left to {@link Settings#parse}, which tells all of it at once.
 */
public final class JobArguments {
  private final List<String> arguments;

  /** From arguments such as {@code --name value} or {@code --name=value}. */
  public JobArguments(List<String> arguments) {
    this.arguments = List.copyOf(arguments);
  }

  /**
   * Those that a description tells. One with a database and no table is of a version that had the
   * default one alone: so it wrote there, whatever the environment says by now.
   */
  public static JobArguments of(StartDescription description) {
    JobArguments told = new JobArguments(description.arguments());
    return told.given(Setting.POSTGRES_URL).isPresent() ? told.withDefault(Setting.TABLE) : told;
  }

  /** The value of a setting; without one, its default. */
  public Optional<String> value(Setting setting) {
    return value(setting.argument());
  }

  /** The value of a setting given by its name; without one, its default if it has one. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(pairs().get(name))
        .or(() -> Setting.of(name).flatMap(Setting::defaultValue));
  }

  /** The value of a setting if it is among them. */
  public Optional<String> given(Setting setting) {
    return Optional.ofNullable(pairs().get(setting.argument()));
  }

  /** The same arguments, with the default of a setting that is not among them. */
  JobArguments withDefault(Setting setting) {
    return given(setting).isPresent()
        ? this
        : setting.defaultValue().map(value -> with(setting.argument(), value)).orElse(this);
  }

  /** The same arguments with one of them set to a value; it is added if it was not there. */
  public JobArguments with(String name, String value) {
    Map<String, String> pairs = pairs();
    pairs.put(name, value);
    List<String> changed = new ArrayList<>();
    pairs.forEach(
        (key, text) -> {
          changed.add("--" + key);
          changed.add(text);
        });
    return new JobArguments(changed);
  }

  /** The same arguments with these set, by name. */
  public JobArguments with(Map<String, String> changes) {
    JobArguments changed = this;
    for (Map.Entry<String, String> change : changes.entrySet()) {
      changed = changed.with(change.getKey(), change.getValue());
    }
    return changed;
  }

  private Map<String, String> pairs() {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!isName(argument)) {
        continue;
      }
      int equals = argument.indexOf('=');
      if (equals >= 0) {
        pairs.put(argument.substring(2, equals), argument.substring(equals + 1));
      } else if (i + 1 < arguments.size() && !isName(arguments.get(i + 1))) {
        pairs.put(argument.substring(2), arguments.get(++i));
      }
    }
    return pairs;
  }

  /** As the job itself tells a name from a value. */
  private static boolean isName(String argument) {
    return argument.matches("(?s)--[a-zA-Z].*");
  }

  /** As the job's {@code main} takes them. */
  public List<String> list() {
    return arguments;
  }
}
