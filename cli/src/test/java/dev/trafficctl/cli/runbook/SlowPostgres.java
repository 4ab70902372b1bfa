package dev.trafficctl.cli.runbook;

/**
 * Makes each batch that the job writes wait for 18 s, or until it ends: less than the job's
 * statement time-out, so that the job runs on, but no barrier of a checkpoint gets through in time.
 */
final class SlowPostgres {
  private final DrillStack stack;

  SlowPostgres(DrillStack stack) {
    this.stack = stack;
  }

  void begin() {
    stack.sql(
        """
        CREATE TABLE IF NOT EXISTS drill_slow (since timestamptz DEFAULT now());
        INSERT INTO drill_slow DEFAULT VALUES;
        CREATE OR REPLACE FUNCTION drill_wait() RETURNS trigger LANGUAGE plpgsql
          SECURITY DEFINER AS $$
        BEGIN
          FOR tenth IN 1..180 LOOP
            EXIT WHEN NOT EXISTS (SELECT FROM drill_slow);
            PERFORM pg_sleep(0.1);
          END LOOP;
          RETURN NULL;
        END $$;
        CREATE OR REPLACE TRIGGER drill_wait BEFORE INSERT ON processed_events
          FOR EACH STATEMENT EXECUTE FUNCTION drill_wait();
        """);
  }

  void end() {
    // First for the batch that waits, without whose end there is no lock to drop the trigger.
    stack.sql("CREATE TABLE IF NOT EXISTS drill_slow (); DELETE FROM drill_slow");
    stack.sql(
        """
        DROP TRIGGER IF EXISTS drill_wait ON processed_events;
        DROP FUNCTION IF EXISTS drill_wait;
        DROP TABLE drill_slow;
        """);
  }
}
