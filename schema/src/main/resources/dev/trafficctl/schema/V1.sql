-- The tables that the job writes and the CLI reads. The names of the tables of events and of rejected events are
-- those of a job that is not given others.

-- One for all jobs of a schema, so that those of another job may have made it.
CREATE TABLE IF NOT EXISTS sources (
    source     smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic_id   uuid        NOT NULL UNIQUE,
    topic      text        NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE sources IS
    'One row for each Kafka topic id that was ever read: a topic deleted and made anew is a new source';
COMMENT ON COLUMN sources.source IS 'The number that stands for the topic id in the keys of the other tables';
COMMENT ON COLUMN sources.topic_id IS 'The id that the Kafka cluster gave to the topic';
COMMENT ON COLUMN sources.topic IS 'The name that the topic had when it was first seen';

-- No foreign key to sources: its trigger runs once for each row, which halves the speed of writing,
-- and the job registers its source before it writes the first row.
CREATE TABLE processed_events (
    source          smallint    NOT NULL,
    kafka_partition int         NOT NULL,
    kafka_offset    bigint      NOT NULL,
    kafka_timestamp timestamptz,
    ip              inet        NOT NULL,
    event_timestamp timestamptz NOT NULL,
    referrer        text,
    host            text        NOT NULL,
    url             text        NOT NULL,
    geodata         jsonb,
    user_agent      text,
    late            boolean     NOT NULL,
    PRIMARY KEY (source, kafka_partition, kafka_offset)
);

COMMENT ON TABLE processed_events IS
    'The events that passed the filter. The key is the place in Kafka, so that a repeated delivery is the same row';
COMMENT ON COLUMN processed_events.kafka_timestamp IS
    'The timestamp of the Kafka record; null if it has none, or one beyond the range of timestamptz';
COMMENT ON COLUMN processed_events.event_timestamp IS 'When the request happened, as the event says';
COMMENT ON COLUMN processed_events.late IS
    'Whether the event came after the watermark by more than the allowed lateness';

CREATE TABLE rejected_events (
    source          smallint    NOT NULL,
    kafka_partition int         NOT NULL,
    kafka_offset    bigint      NOT NULL,
    kafka_timestamp timestamptz,
    reason          text        NOT NULL,
    detail          text,
    payload         bytea,
    payload_bytes   int         NOT NULL,
    rejected_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, kafka_partition, kafka_offset)
);

COMMENT ON TABLE rejected_events IS
    'The Kafka records that are no event that could be stored, each with its reason and its place in Kafka';
COMMENT ON COLUMN rejected_events.kafka_timestamp IS
    'The timestamp of the Kafka record; null if it has none, or one beyond the range of timestamptz';
COMMENT ON COLUMN rejected_events.reason IS
    'The kind of defect; refused_by_postgres if Postgres refused a row that the job held to be good';
COMMENT ON COLUMN rejected_events.payload IS
    'The value of the Kafka record, possibly cut; null if it has none. For refused_by_postgres the event as JSON';
COMMENT ON COLUMN rejected_events.payload_bytes IS 'The length of the whole payload';
