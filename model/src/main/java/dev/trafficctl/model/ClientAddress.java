package dev.trafficctl.model;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;

/**
 * Reads {@code ip}: one IPv4 or IPv6 address without prefix length or wildcard, or what holds one
 * for certain: {@code ip:port}, {@code [ipv6]}, {@code [ipv6]:port}, an IPv6 address with a zone
 * ({@code fe80::1%eth0}), or a list as in X-Forwarded-For, of which the first is the client.
 */
final class ClientAddress {
  private static final IPAddressStringParameters LITERALS =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowSingleSegment(false)
          .allowPrefix(false)
          .allowMask(false)
          .allowWildcardedSeparator(false)
          .setRangeOptions(RangeParameters.NO_RANGE)
          .getIPv6AddressParametersBuilder()
          .allowZone(false)
          .allowBase85(false)
          .allowBinary(false)
          .allowUnlimitedLeadingZeros(false)
          .allowMixed(true)
          .getEmbeddedIPv4AddressParametersBuilder()
          .allow_inet_aton(false)
          .allowLeadingZeros(false)
          .allowBinary(false)
          .getEmbeddedIPv4AddressParentBuilder()
          .getParentBuilder()
          .toParams();

  private static final int LONGEST_IPV6 = 45;
  private static final int HIGHEST_PORT = 65_535;

  private ClientAddress() {}

  /**
   * The address in network byte order: 4 bytes, or 16 for IPv6. An IPv4-mapped IPv6 address ({@code
   * ::ffff:192.0.2.1}, RFC 4291, section 2.5.5.2) is the IPv4 address that it stands for, so that
   * one client has one address whatever socket it came through.
   */
  static byte[] parse(String text) throws RejectedException {
    byte[] address = dottedQuad(text);
    if (address == null) {
      address = ipv6(text);
    }
    if (address == null) {
      address = endpoint(first(text));
    }
    if (address == null) {
      throw new RejectedException(
          RejectionReason.INVALID_IP,
          "ip " + Rejection.quoted(text) + " is not an IPv4 or IPv6 address");
    }
    return address;
  }

  /** The first of a list with commas, which each proxy makes longer at its end. */
  private static String first(String text) {
    int comma = text.indexOf(',');
    return comma < 0 ? text : text.substring(0, comma).stripTrailing();
  }

  /** An address, perhaps with brackets, zone and port as RFC 3986 and RFC 4007 write them. */
  private static byte[] endpoint(String text) {
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      return close > 0 && isNothingOrPort(text, close + 1)
          ? ipv6(withoutZone(text.substring(1, close)))
          : null;
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return dottedQuad(text);
    }
    return colon == text.lastIndexOf(':') && isNothingOrPort(text, colon)
        ? dottedQuad(text.substring(0, colon))
        : ipv6(withoutZone(text));
  }

  private static boolean isNothingOrPort(String text, int start) {
    String port = text.substring(start);
    return port.isEmpty()
        || port.matches(":[0-9]{1,5}") && Integer.parseInt(port.substring(1)) <= HIGHEST_PORT;
  }

  private static String withoutZone(String text) {
    int percent = text.indexOf('%');
    boolean hasZone = percent > 0 && text.substring(percent + 1).matches("[\\w.~-]{1,64}");
    return hasZone ? text.substring(0, percent) : text;
  }

  /** Four decimal numbers without leading zeros; the library takes 210 ns for them. */
  private static byte[] dottedQuad(String text) {
    byte[] address = new byte[4];
    int index = 0;
    int digits = 0;
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (digits == 0 || index == 3) {
          return null;
        }
        address[index++] = (byte) number;
        digits = 0;
        number = 0;
      } else {
        boolean leadingZero = digits > 0 && number == 0;
        if (c < '0' || c > '9' || leadingZero) {
          return null;
        }
        number = number * 10 + (c - '0');
        digits++;
        if (number > 255) {
          return null;
        }
      }
    }
    if (index != 3 || digits == 0) {
      return null;
    }
    address[3] = (byte) number;
    return address;
  }

  private static byte[] ipv6(String text) {
    int last = text.length() - 1;
    // The library trims, and looks at texts of any length.
    if (text.indexOf(':') < 0
        || last >= LONGEST_IPV6
        || text.charAt(0) <= ' '
        || text.charAt(last) <= ' ') {
      return null;
    }
    try {
      IPAddress address = new IPAddressString(text, LITERALS).toAddress();
      return address.toIPv6().isIPv4Mapped()
          ? address.toIPv6().getEmbeddedIPv4Address().getBytes()
          : address.getBytes();
    } catch (AddressStringException | IncompatibleAddressException e) {
      return null;
    }
  }
}
