package dev.trafficctl.model;

import java.util.Locale;
import java.util.Set;

/** The types that columns of the job's tables have. */
public enum ColumnType {
  /** 2 bytes. */
  SMALLINT("smallint"),
  /** 4 bytes. */
  INTEGER("integer"),
  /** 8 bytes. */
  BIGINT("bigint"),
  /** A point in time, to the microsecond. */
  TIMESTAMPTZ("timestamp with time zone"),
  /** An address of IPv4 or IPv6. */
  INET("inet"),
  /** Text of any length. */
  TEXT("text"),
  /** JSON, of which Postgres keeps the value and not the spelling. */
  JSONB("jsonb"),
  /** True or false. */
  BOOLEAN("boolean"),
  /** Bytes. */
  BYTEA("bytea"),
  /** 16 bytes that name something. */
  UUID("uuid");

  /** Types of which a column of type text may be without any difference to what is written. */
  private static final Set<String> TEXTS = Set.of("text", "character varying", "citext");

  private final String sql;

  ColumnType(String sql) {
    this.sql = sql;
  }

  /** What Postgres calls it in its catalog. */
  public String sql() {
    return sql;
  }

  /**
   * Whether what is written to a column of this type can as well be written to one of another.
   *
   * @param other what Postgres calls that one
   */
  public boolean isServedBy(String other) {
    return this == TEXT ? TEXTS.contains(other) : sql.equals(other);
  }

  /** A constant of this type in SQL. */
  public String constant(String text) {
    return "'%s'::%s".formatted(text.replace("'", "''"), sql);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
