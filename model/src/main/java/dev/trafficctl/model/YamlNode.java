package dev.trafficctl.model;

import java.util.List;
import java.util.Map;

/** A value in a YAML document, with the line where it begins, from 1. */
sealed interface YamlNode {
  int line();

  /** What a user would call this kind of value. */
  String kind();

  /** A text that is not empty. */
  record Text(int line, String value) implements YamlNode {
    @Override
    public String kind() {
      return "a text";
    }
  }

  /** A sequence. */
  record Items(int line, List<YamlNode> values) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A mapping, in the order of the document; of a key that is there twice, its first value. */
  record Fields(int line, Map<String, Field> values) implements YamlNode {
    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /** A key's value, with the line of the key. */
  record Field(int line, YamlNode value) {}

  /** No value, or an empty text. */
  record Nothing(int line) implements YamlNode {
    @Override
    public String kind() {
      return "nothing";
    }
  }

  /** A value about which a problem is noted already. */
  record Refused(int line) implements YamlNode {
    @Override
    public String kind() {
      return "refused";
    }
  }
}
