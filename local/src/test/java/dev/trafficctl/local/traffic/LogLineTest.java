package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {
  private static final Instant TIME = Instant.parse("2015-05-17T10:05:03Z");
  private static final String HEAD = "84.1.2.3 - - [17/May/2015:10:05:03 +0000] ";

  @Test
  void readsTheFields() {
    assertThat(
            parse(
                "2001:db8::1 - frank [17/May/2015:12:05:03 +0200] \"POST /a?b=c HTTP/1.1\" 200 12"
                    + " \"https://example.com/\" \"Mozilla/5.0 (X11)\""))
        .isEqualTo(
            new LogLine(
                null,
                "2001:db8::1",
                TIME,
                "/a?b=c",
                "https://example.com/",
                "Mozilla/5.0 (X11)",
                false));
  }

  @Test
  void makesAHyphenNull() {
    assertThat(parse(HEAD + "\"GET / HTTP/1.0\" 304 - \"-\" \"-\""))
        .isEqualTo(new LogLine(null, "84.1.2.3", TIME, "/", null, null, false));
  }

  @Test
  void keepsANameInPlaceOfTheAddressAndIgnoresFurtherFields() {
    assertThat(
            parse(
                "crawl-1.example.net - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/2.0\" 200 1"
                    + " \"-\" \"curl/8\" 0.004 urt=\"10.0.0.1, 10.0.0.2\""))
        .isEqualTo(new LogLine(null, "crawl-1.example.net", TIME, "/", null, "curl/8", false));
  }

  @Test
  void undoesEscapes() {
    assertThat(
            parse(
                HEAD
                    + "\"GET /\\xc3\\xa4\\x22 HTTP/1.1\" 200 1 \"a\\\\b\\tc\\q\" \"say"
                    + " \\\"hi\\\" \\x5C\""))
        .isEqualTo(
            new LogLine(null, "84.1.2.3", TIME, "/ä\"", "a\\b\tc\\q", "say \"hi\" \\", false));
  }

  @Test
  void readsBytesThatAreNotUtf8AsIso88591AndTellsThemFromTheirEscapes() {
    byte[] line =
        (HEAD
                + "\"GET /caf\u00e9\u00ff HTTP/1.1\" 200 1 \"\\xC3(\\xe2\\x82\" \"\u00c3\u00a4 \\\\xe9\"")
            .getBytes(StandardCharsets.ISO_8859_1);

    assertThat(LogLine.parse(line))
        .isEqualTo(
            new LogLine(
                null,
                "84.1.2.3",
                TIME,
                "/caf\u00e9\u00ff",
                "\u00c3(\u00e2\u0082",
                "\u00e4 \\xe9",
                false));
  }

  @Test
  void readsTheCommonFormat() {
    assertThat(parse(HEAD + "\"GET /a HTTP/1.1\" 200 -"))
        .isEqualTo(new LogLine(null, "84.1.2.3", TIME, "/a", null, null, true));
  }

  @ParameterizedTest
  @CsvSource({
    "www.example.com:443 84.1.2.3 - -, www.example.com, 84.1.2.3",
    "www.example.com 2001:db8::1 - frank s, www.example.com, 2001:db8::1",
    "10.0.0.1:80 84.1.2.3 - -, 10.0.0.1, 84.1.2.3",
    "10.0.0.1 84.1.2.3 - -, 10.0.0.1, 84.1.2.3",
    "[2001:db8::5]:80 84.1.2.3 - -, [2001:db8::5], 84.1.2.3",
    "_ 84.1.2.3 - -, , 84.1.2.3",
    "84.1.2.3 - frank sinatra, , 84.1.2.3",
    "84.1.2.3 - 10.0.0.1, , 84.1.2.3",
    "84.1.2.3 ident frank, , 84.1.2.3",
    "client.example - -, , client.example",
    "84.1.2.3 www.example.com -, www.example.com, 84.1.2.3",
    "2001:db8::1 www.example.com:8080 frank, www.example.com, 2001:db8::1",
    "84.1.2.3 10.0.0.1:8080 -, 10.0.0.1, 84.1.2.3",
    "84.1.2.3 localhost -, localhost, 84.1.2.3",
    "client.example www.example.com -, , client.example",
  })
  void knowsTheClientFromTheVirtualHost(String client, String host, String ip) {
    LogLine line =
        parse(client + " [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"");

    assertThat(line).isEqualTo(new LogLine(host, ip, TIME, "/", null, null, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"203.0.113.9\" | 203.0.113.9",
        "\"203.0.113.9\" 0.004 | 203.0.113.9",
        "0.004 \"203.0.113.9\" | 203.0.113.9",
        "\"203.0.113.9\" rt=0.004 urt=\"0.003\" uad=\"10.0.0.5:80, 10.0.0.6:80\" | 203.0.113.9",
        "\"203.0.113.9:4711, unknown,2001:db8::1, [2001:db8::2]:80\" | 203.0.113.9:4711",
        "\"10.1.2.3, 203.0.113.9\" | 10.1.2.3",
        "\"unknown, 203.0.113.9\" | 203.0.113.9",
        "\"-, unknown, [2001:db8::2]:80, 10.0.0.1\" | [2001:db8::2]:80",
        "\"2001:db8::1\" | 2001:db8::1",
        "\"-\" | 84.1.2.3",
        "\"\" | 84.1.2.3",
        "\"unknown\" | 84.1.2.3",
        "\"unknown, -\" | 84.1.2.3",
        "0.004 \"anything\" | 84.1.2.3",
        "1 \"router@docker\" \"http://10.0.0.5:80\" 4ms | 84.1.2.3",
        "1 \"10.0.0.5\" \"203.0.113.9\" | 84.1.2.3",
        "rt=0.004 | 84.1.2.3",
        "xff=\"203.0.113.9\" | 84.1.2.3",
      })
  void theVisitorIsTheFirstAddressOfTheOneFieldInQuotesBehindTheUserAgent(String rest, String ip) {
    assertThat(parse(HEAD + "\"GET / HTTP/1.1\" 200 1 \"https://a.example/\" \"curl/8\" " + rest))
        .isEqualTo(new LogLine(null, ip, TIME, "/", "https://a.example/", "curl/8", false));
  }

  @Test
  void readsRequestsThatAreUnusualButHaveATarget() {
    assertThat(target("GET /a b c HTTP/1.1")).isEqualTo("/a b c");
    assertThat(target("GET /old")).isEqualTo("/old");
    assertThat(target("OPTIONS * HTTP/1.0")).isEqualTo("*");
    assertThat(target("GET http://other.example/x HTTP/1.1")).isEqualTo("http://other.example/x");
    assertThat(target("M-SEARCH /x HTTP/1.1")).isEqualTo("/x");
  }

  @ParameterizedTest
  @CsvSource({
    "http://other.example:8080/p?q, other.example",
    "HTTPS://u:p@other.example, other.example",
    "http://[2001:db8::1]:80/, [2001:db8::1]",
    "http:///p, own.example",
    "http://a b/p, own.example",
    "/http://other.example/, own.example",
    "/, own.example",
  })
  void aTargetThatNamesTheHostIsBelieved(String target, String host) {
    assertThat(
            parse("own.example " + HEAD + "\"GET " + target + " HTTP/1.1\" 200 1 \"-\" \"curl/8\""))
        .isEqualTo(new LogLine(host, "84.1.2.3", TIME, target, null, "curl/8", false));
  }

  @Test
  void readsTheExtendedFormatOfNginxAmplify() {
    String line =
        HEAD
            + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" \"%s\" \"%s\" sn=\"_\" rt=0.001"
            + " ua=\"10.0.0.2:80\" us=\"200\" ut=\"0.001\" ul=\"12\" cs=-";
    assertThat(parse(line.formatted("-", "shop.example")))
        .isEqualTo(new LogLine("shop.example", "84.1.2.3", TIME, "/", null, "curl/8", false));
    assertThat(parse(line.formatted("192.0.2.9, 10.0.0.1", "shop.example:8080")))
        .isEqualTo(new LogLine("shop.example", "192.0.2.9", TIME, "/", null, "curl/8", false));
    assertThat(parse(line.formatted("-", "-")).host()).isNull();
    assertThat(parse(line.formatted("-", "shop.example").replace(" sn=", " xx="))).isNull();
  }

  @Test
  void readsALineOfAMegabyte() {
    String path = "/" + "a\\x20".repeat(250_000);

    assertThat(target("GET " + path + " HTTP/1.1")).isEqualTo("/" + "a ".repeat(250_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "84.1.2.3 - - \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "84.1.2.3 - - [32/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "84.1.2.3 - - [31/Feb/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "84.1.2.3 - - [17/May/2015:10:05:03] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"cut off",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"cut off\\\"",
        HEAD + "\"GET / HTTP/1.1\" 200",
        HEAD + "\"GET / HTTP/1.1\" 200 ",
        HEAD + "\"GET / HTTP/1.1\" 200 1 ",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 0.004 \"-\" \"-\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 https://a.example \"curl/8\" \"cookie\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"a.example\" \"https://b.example\" \"curl/8\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"a.example:80\" \"-\" \"-\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"https://b.example\" \"a.example\" \"curl/8\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" \"cut off",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" 0.004 \"203.0.113.9, 10.0",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" \"0.004\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" \"www.example.com\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" \"203.0.113.9 10.0.0.1\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" \"10.0.0.5:80\" \"203.0.113.9\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" \"203.0.113.9\" \"a.example\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" \"203.0.113.9\" 0.004 \"a.example\"",
        HEAD + "\"GET / HTTP/1.1\" 200 1 \"-\" \"https://a.example\" \"-\"",
        HEAD + "\"a.example\" \"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\"",
        HEAD
            + "\"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8\" 0.004\r"
            + HEAD
            + "\"GET /b HTTP/1.1\" 200 1",
        "84.1.2.3 10.0.0.1 - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "84.1.2.3, 10.0.0.1 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "www.example.com client.example - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1"
            + " \"-\" \"-\"",
        "84.1.2.3 - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "[17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        HEAD + "\"-\" 408 0 \"-\" \"-\"",
        HEAD + "\"\" 400 0 \"-\" \"-\"",
        HEAD + "\"\\x16\\x03\\x01\\x02\" 400 0 \"-\" \"-\"",
        HEAD + "\"GET\" 400 0 \"-\" \"-\"",
        HEAD + "\"GET  HTTP/1.1\" 400 0 \"-\" \"-\""
      })
  void leavesWhatIsNotInTheFormat(String line) {
    assertThat(parse(line)).isNull();
  }

  @Test
  void writesAnEvent() {
    LogLine line = new LogLine(null, "::1", TIME, "/\"ä\\\u0000\ud83d\ude00", null, "u", false);

    assertThat(new String(LogLine.toJson(line.event("h.example", "T")), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"url\":\"/\\\"ä\\\\\\u0000\ud83d\ude00\",\"host\":\"h.example\",\"referrer\":null,"
                + "\"user_agent\":\"u\",\"ip\":\"::1\",\"headers\":{},\"event_time\":\"T\"}");
  }

  @Property
  void anyTextSurvivesApacheAndNginx(@ForAll("texts") String text) throws IOException {
    String apache = apache(text);
    String nginx = nginx(text);

    for (String escaped : new String[] {apache, nginx}) {
      LogLine line =
          parse(HEAD + "\"GET /" + escaped + " HTTP/1.1\" 200 1 \"x" + escaped + "\" \"-\"");
      JsonNode json = new ObjectMapper().readTree(LogLine.toJson(line.event("h", "T")));
      assertThat(json.get("url").textValue()).isEqualTo("/" + text);
      assertThat(json.get("referrer").textValue()).isEqualTo("x" + text);
      assertThat(json.get("user_agent").isNull()).isTrue();
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.integers()
        .between(0, Character.MAX_CODE_POINT)
        .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
        .edgeCases(edges -> edges.add((int) '"', (int) '\\', (int) ' ', (int) '-', 0, 0x7f))
        .list()
        .ofMaxSize(20)
        .map(
            points ->
                points.stream()
                    .collect(
                        StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
  }

  private static String apache(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      switch (b) {
        case '"', '\\' -> escaped.append('\\').append((char) b);
        case '\b' -> escaped.append("\\b");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        case 0x0b -> escaped.append("\\v");
        default ->
            escaped.append(b >= ' ' && b < 0x7f ? String.valueOf((char) b) : hex(b, "\\x%02x"));
      }
    }
    return escaped.toString();
  }

  private static String nginx(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b >= ' ' && b < 0x7f && b != '"' && b != '\\';
      escaped.append(plain ? String.valueOf((char) b) : hex(b, "\\x%02X"));
    }
    return escaped.toString();
  }

  private static String hex(byte b, String format) {
    return String.format(Locale.ROOT, format, b & 0xff);
  }

  private static String target(String request) {
    return parse(HEAD + '"' + request + "\" 200 1 \"-\" \"-\"").target();
  }

  private static LogLine parse(String line) {
    return LogLine.parse(line.getBytes(StandardCharsets.UTF_8));
  }
}
