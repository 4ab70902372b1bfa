-- What the job's user may do, and no more; for those who own the tables that schema.sql makes. Applying this
-- file twice changes nothing. The user is traffic; another is told before psql by
-- PGOPTIONS='-c trafficctl.job_user=NAME'.

DO $$
DECLARE
    job    text       := coalesce(nullif(current_setting('trafficctl.job_user', true), ''), 'traffic');
    tables regclass[] := '{sources, processed_events, rejected_events}';
BEGIN
    -- TEMPORARY, because a batch that meets a row again goes through a temporary table.
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), job);
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I',
        (SELECT string_agg(DISTINCT relnamespace::regnamespace::text, ', ')
         FROM pg_class WHERE oid = ANY (tables)), job);
    EXECUTE format('GRANT SELECT, INSERT ON %s TO %I', array_to_string(tables, ', '), job);
END
$$;
