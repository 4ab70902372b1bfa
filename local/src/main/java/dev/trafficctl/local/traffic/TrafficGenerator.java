package dev.trafficctl.local.traffic;

import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.trafficctl.local.traffic.Site.Page;
import dev.trafficctl.local.traffic.TrafficEvent.Kind;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Believable web traffic without end: readers of a few hosts, their static files, crawlers, feed
 * readers, monitors and health checks. About 60 % are page and API requests by people on the public
 * internet. The same arguments give the same bytes. Not for several threads.
 */
public final class TrafficGenerator implements Iterator<TrafficEvent> {
  private static final double LEAST_LATE = Duration.ofMinutes(5).toMillis();
  private static final double MOST_LATE = Duration.ofDays(3).toMillis();
  private static final byte[] END = Json.bytes("\"}");
  private static final Defect[] DEFECTS = Defect.values();

  private enum Request {
    READ(60),
    FILE(19),
    CRAWL(9),
    FEED(3),
    MONITOR(3),
    PROBE(3),
    ROBOTS(1),
    COLLEAGUE(2);

    private final double weight;

    Request(double weight) {
      this.weight = weight;
    }

    static Weighted<Request> mix() {
      List<Request> requests = List.of(values());
      return new Weighted<>(requests, requests.stream().mapToDouble(r -> r.weight).toArray());
    }
  }

  private final SplittableRandom random;
  private final LongSupplier eventTimes;
  private final double bad;
  private final double late;
  private final Site site;
  private final Visitors visitors;
  private final Weighted<Request> requests = Request.mix();
  private final EventTimeWriter eventTime = new EventTimeWriter();
  private final ByteArrayBuilder json = new ByteArrayBuilder(4096);

  /**
   * Traffic of which a share is bad or late.
   *
   * @param seed where the random numbers start
   * @param eventTimes the time of each event in milliseconds since 1970-01-01T00:00:00Z: {@code
   *     clock::millis}, or a {@link DayRhythm}
   * @param badPercent how many events in a hundred cannot be stored, of all kinds of defect alike
   * @param latePercent how many in a hundred carry a time from 5 minutes to 3 days too early
   * @throws IllegalArgumentException when a share is below 0 or both are above 100 together
   */
  public TrafficGenerator(
      long seed, LongSupplier eventTimes, double badPercent, double latePercent) {
    if (!(badPercent >= 0 && latePercent >= 0 && badPercent + latePercent <= 100)) {
      throw new IllegalArgumentException(
          "bad and late are percentages, together at most 100, but were "
              + badPercent
              + " and "
              + latePercent);
    }
    this.random = new SplittableRandom(seed);
    this.eventTimes = eventTimes;
    this.bad = badPercent / 100;
    this.late = latePercent / 100;
    this.site = new Site(seed);
    this.visitors = new Visitors(seed);
  }

  /** Always true. */
  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public TrafficEvent next() {
    double place = random.nextDouble();
    long time = eventTimes.getAsLong();
    if (place < bad) {
      Defect defect = DEFECTS[random.nextInt(DEFECTS.length)];
      return new TrafficEvent(defect.spoil(event(time)), Kind.BAD);
    }
    if (place < bad + late) {
      return new TrafficEvent(event(time - lateness()), Kind.LATE);
    }
    return new TrafficEvent(event(time), Kind.GOOD);
  }

  /** As many minutes as hours as days: the logarithm is spread evenly. */
  private long lateness() {
    return (long) (LEAST_LATE * StrictMath.pow(MOST_LATE / LEAST_LATE, random.nextDouble()));
  }

  private byte[] event(long time) {
    return switch (requests.choose(random)) {
      case READ -> event(site.page(random), site.referrer(random), visitors.person(random), time);
      case FILE ->
          event(site.file(random), site.page(random).asReferrer(), visitors.person(random), time);
      case CRAWL -> event(site.page(random), Site.noReferrer(), visitors.crawler(random), time);
      case FEED -> event(site.feed(random), Site.noReferrer(), visitors.feedReader(random), time);
      case MONITOR -> event(site.page(random), Site.noReferrer(), visitors.monitor(random), time);
      case PROBE -> event(site.probe(random), Site.noReferrer(), visitors.prober(random), time);
      case ROBOTS -> event(site.robots(), Site.noReferrer(), visitors.crawler(random), time);
      case COLLEAGUE ->
          event(site.page(random), site.referrer(random), visitors.colleague(random), time);
    };
  }

  private byte[] event(Page page, byte[] referrer, byte[] visitor, long time) {
    json.reset();
    json.write(page.head());
    json.write(page.queries().choose(random));
    json.write(page.afterUrl());
    json.write(referrer);
    json.write(visitor);
    json.write(eventTime.format(time));
    json.write(END);
    return json.toByteArray();
  }
}
