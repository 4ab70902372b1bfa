package dev.trafficctl.model;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks in CIDR form, IPv4 and IPv6. An IPv4-mapped IPv6 address ({@code ::ffff:10.0.0.1}, RFC
 * 4291 section 2.5.5.2) is taken as the IPv4 address that it stands for.
 */
final class NetworkPatterns implements PatternSet {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int MAPPED_PREFIX = 0xFFFF;

  private static final IPAddressStringParameters CIDR =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowSingleSegment(false)
          .allowMask(false)
          .allowPrefixOnly(false)
          .allowWildcardedSeparator(false)
          .setRangeOptions(IPAddressStringParameters.RangeParameters.NO_RANGE)
          .getIPv4AddressParametersBuilder()
          .allow_inet_aton(false)
          .allowBinary(false)
          .allowLeadingZeros(false)
          .allowPrefixesBeyondAddressSize(false)
          .getParentBuilder()
          .getIPv6AddressParametersBuilder()
          .allowBinary(false)
          .allowBase85(false)
          .allowZone(false)
          .allowPrefixesBeyondAddressSize(false)
          .getParentBuilder()
          .toParams();

  private final List<V4> v4 = new ArrayList<>();
  private final List<V6> v6 = new ArrayList<>();

  private record V4(int network, int mask, int rule) {
    boolean contains(int address) {
      return (address & mask) == network;
    }
  }

  private record V6(long high, long highMask, long low, long lowMask, int rule) {
    boolean contains(long addressHigh, long addressLow) {
      return (addressHigh & highMask) == high && (addressLow & lowMask) == low;
    }
  }

  @Override
  public void add(String pattern, int rule) {
    IPAddress network = parse(pattern);
    int length = network.getNetworkPrefixLength();
    byte[] bytes = network.getLower().getBytes();
    if (network.isIPv4()) {
      v4.add(new V4((int) INT.get(bytes, 0), -1 << (32 - length), rule));
    } else {
      v6.add(
          new V6(
              (long) LONG.get(bytes, 0),
              mask(Math.min(64, length)),
              (long) LONG.get(bytes, 8),
              mask(Math.max(0, length - 64)),
              rule));
    }
  }

  private static long mask(int length) {
    return length == 0 ? 0 : -1L << (64 - length);
  }

  private static IPAddress parse(String pattern) {
    IPAddress network;
    try {
      network = new IPAddressString(pattern, CIDR).toAddress();
    } catch (AddressStringException e) {
      throw new IllegalArgumentException(
          "is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"", e);
    }
    if (network.isPrefixed() && network.getNetworkPrefixLength() == 0) {
      throw new IllegalArgumentException(
          "is every address, so that every event would be dropped; write a smaller network, or"
              + " remove it");
    }
    String address = network.withoutPrefixLength().getLower().toCanonicalString();
    String one = address + "/" + network.getBitCount();
    if (!network.isPrefixed()) {
      throw new IllegalArgumentException(
          "has no prefix length; write \"" + one + "\" for this one address");
    }
    if (!network.isPrefixBlock()) {
      throw new IllegalArgumentException(
          "has bits set after the prefix; write \""
              + network.toPrefixBlock().toCanonicalString()
              + "\" for the network or \""
              + one
              + "\" for this one address");
    }
    if (network.isIPv6()
        && network.getNetworkPrefixLength() >= 96
        && network.toIPv6().isIPv4Mapped()) {
      throw new IllegalArgumentException(
          "is IPv4 in an IPv6 form; write \""
              + network.toIPv6().getEmbeddedIPv4Address().getLower().withoutPrefixLength()
              + "/"
              + (network.getNetworkPrefixLength() - 96)
              + "\", which matches both forms");
    }
    return network;
  }

  /**
   * The first rule with a network that the address is in, or {@link #NO_RULE}.
   *
   * @param ip 4 or 16 bytes in network byte order
   */
  int match(byte[] ip) {
    if (ip.length == 4) {
      return matchV4((int) INT.get(ip, 0));
    }
    long high = (long) LONG.get(ip, 0);
    long low = (long) LONG.get(ip, 8);
    return high == 0 && low >>> 32 == MAPPED_PREFIX ? matchV4((int) low) : matchV6(high, low);
  }

  private int matchV4(int address) {
    for (V4 network : v4) {
      if (network.contains(address)) {
        return network.rule();
      }
    }
    return NO_RULE;
  }

  private int matchV6(long high, long low) {
    for (V6 network : v6) {
      if (network.contains(high, low)) {
        return network.rule();
      }
    }
    return NO_RULE;
  }
}
