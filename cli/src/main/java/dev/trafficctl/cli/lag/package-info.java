/** How far behind a reader of Kafka is: in events, in time, and until when. */
package dev.trafficctl.cli.lag;
