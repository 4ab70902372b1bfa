package dev.trafficctl.cli.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.shaded.guava33.com.google.common.hash.Hashing;

/** The ids that Flink makes of the uids which a job gives its operators. */
final class OperatorUid {
  private OperatorUid() {}

  /** The id of the operator with a uid, 32 hexadecimal digits. */
  static String id(String uid) {
    // As StreamGraphHasherV2 does it.
    return Hashing.murmur3_128(0).newHasher().putString(uid, UTF_8).hash().toString();
  }
}
