-- What the job's user may do, and no more; for those who own the tables. Applying this file twice changes
-- nothing. The user is traffic, and the tables are processed_events and its like; others
-- are told before psql by PGOPTIONS='-c trafficctl.job_user=NAME -c trafficctl.job_table=NAME'.

DO $$
DECLARE
    job      text := coalesce(nullif(current_setting('trafficctl.job_user', true), ''), 'traffic');
    events   text := coalesce(nullif(current_setting('trafficctl.job_table', true), ''), 'processed_events');
    rejected text := CASE events WHEN 'processed_events' THEN 'rejected_events' ELSE events || '_rejected' END;
    -- Where Flyway keeps which version of the schema the tables are of; not there where they were made without it.
    history  regclass := to_regclass(quote_ident(
        CASE WHEN events ~ '^[A-Za-z0-9_-]+$' THEN events
             ELSE 'trafficctl_' || left(encode(sha256(convert_to(events, 'UTF8')), 'hex'), 16) END || '_flyway'));
    tables   regclass[] := ARRAY['sources', quote_ident(events), quote_ident(rejected)]::regclass[];
BEGIN
    -- TEMPORARY, because a batch that meets a row again goes through a temporary table.
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), job);
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I',
        (SELECT string_agg(DISTINCT relnamespace::regnamespace::text, ', ')
         FROM pg_class WHERE oid = ANY (tables)), job);
    EXECUTE format('GRANT SELECT, INSERT ON %s TO %I', array_to_string(tables, ', '), job);
    IF history IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON %s TO %I', history, job);
    END IF;
END
$$;
