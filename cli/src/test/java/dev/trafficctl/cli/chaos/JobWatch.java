package dev.trafficctl.cli.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Looks all the time at the jobs of a name, and notes when more than one of them was live. */
final class JobWatch implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Lives lives = new Lives();
  private final Thread thread;
  private volatile boolean over;

  JobWatch(PlainFlink flink, String name) {
    thread =
        new Thread(
            () -> {
              while (!over) {
                flink.jobs().ifPresent(jobs -> look(jobs, name));
                try {
                  Thread.sleep(BETWEEN_LOOKS.toMillis());
                } catch (InterruptedException e) {
                  return;
                }
              }
            },
            "job-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void look(List<PlainFlink.Job> jobs, String name) {
    synchronized (lives) {
      lives.look(jobs.stream().filter(job -> job.name().equals(name)).toList(), Instant.now());
    }
  }

  /** What was seen of two jobs at once so far; empty when that never was. */
  List<String> breaches() {
    synchronized (lives) {
      return lives.breaches();
    }
  }

  /** How many jobs of the name there were so far. */
  int jobs() {
    synchronized (lives) {
      return lives.known.size();
    }
  }

  @Override
  public void close() {
    over = true;
    thread.interrupt();
  }

  /** The lives of jobs, put together from one look after another. */
  static final class Lives {
    private final Map<String, Life> known = new TreeMap<>();
    private final Set<String> gone = new HashSet<>();
    private final List<String> seen = new ArrayList<>();

    private record Life(Instant began, Instant end, boolean over) {
      boolean meets(Life other) {
        return began.isBefore(other.end) && other.began.isBefore(end);
      }
    }

    /**
     * Notes what one look has shown.
     *
     * @param jobs all jobs of the name that Flink knows
     * @param now when it was looked
     */
    void look(List<PlainFlink.Job> jobs, Instant now) {
      List<String> live =
          jobs.stream().filter(PlainFlink.Job::isLive).map(PlainFlink.Job::id).toList();
      if (live.size() > 1) {
        seen.add("at " + now + " these were live: " + live);
      }
      Set<String> ids = new HashSet<>();
      for (PlainFlink.Job job : jobs) {
        ids.add(job.id());
        if (gone.contains(job.id())) {
          seen.add("at " + now + " " + job.id() + " was there again");
        }
        known.put(
            job.id(),
            new Life(job.began(), job.ended() == null ? now : job.ended(), !job.isLive()));
      }
      // A job that is not listed any more was lost with its JobManager since the look before.
      known.forEach(
          (id, life) -> {
            if (!ids.contains(id) && !life.over) {
              gone.add(id);
            }
          });
    }

    /** What was seen of two at once, and whose lives meet by Flink's own times. */
    List<String> breaches() {
      List<String> breaches = new ArrayList<>(seen);
      List<String> ids = List.copyOf(known.keySet());
      for (int one = 0; one < ids.size(); one++) {
        for (int other = one + 1; other < ids.size(); other++) {
          if (known.get(ids.get(one)).meets(known.get(ids.get(other)))) {
            breaches.add(
                "lives meet: %s %s and %s %s"
                    .formatted(
                        ids.get(one),
                        known.get(ids.get(one)),
                        ids.get(other),
                        known.get(ids.get(other))));
          }
        }
      }
      return breaches;
    }
  }
}
