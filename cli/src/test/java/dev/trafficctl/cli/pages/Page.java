package dev.trafficctl.cli.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * A page of the documentation.
 *
 * @param file where it lies
 * @param lines all of its lines
 * @param anchors what a link to one of its headings has behind {@code #}, as GitHub makes it
 * @param links where its links lead, as they are written
 * @param blocks its fenced blocks
 * @param code the code within its sentences and tables
 * @param tables its tables, in order
 */
record Page(
    Path file,
    List<String> lines,
    List<String> anchors,
    List<String> links,
    List<Block> blocks,
    List<String> code,
    List<Table> tables) {

  private static final Pattern CELL = Pattern.compile("(?<!\\\\)\\|");

  /** A fenced block and its language, which may be empty. */
  record Block(String language, String text) {}

  /** A table; its cells are as they are written, but for the escaped pipes. */
  record Table(List<String> header, List<List<String>> rows) {}

  static Page read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    Visitor visitor = new Visitor();
    Parser.builder().build().parse(String.join("\n", lines)).accept(visitor);
    return new Page(
        file, lines, visitor.anchors, visitor.links, visitor.blocks, visitor.code, tables(lines));
  }

  /** The table with this header. */
  Table table(String... header) {
    return tables.stream()
        .filter(table -> table.header().equals(List.of(header)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(file + " has no table " + List.of(header)));
  }

  /** A cell or sentence as a reader sees it. */
  static String shown(String markdown) {
    return markdown.replace("`", "").replace("&lt;", "<").replace("&gt;", ">");
  }

  private static List<Table> tables(List<String> lines) {
    List<Table> tables = new ArrayList<>();
    boolean fenced = false;
    for (int i = 0; i < lines.size(); i++) {
      fenced ^= lines.get(i).strip().startsWith("```");
      boolean begins =
          !fenced
              && lines.get(i).startsWith("|")
              && i + 1 < lines.size()
              && lines.get(i + 1).matches("\\|( -+ \\|)+");
      if (begins) {
        List<String> header = cells(lines.get(i));
        List<List<String>> rows = new ArrayList<>();
        for (i += 2; i < lines.size() && lines.get(i).startsWith("|"); i++) {
          rows.add(cells(lines.get(i)));
        }
        tables.add(new Table(header, rows));
      }
    }
    return tables;
  }

  private static List<String> cells(String line) {
    String inner = line.substring(1, line.lastIndexOf('|'));
    return CELL.splitAsStream(inner + " ").map(cell -> cell.strip().replace("\\|", "|")).toList();
  }

  /** Collects what is asked for. */
  private static final class Visitor extends AbstractVisitor {
    private static final Pattern NO_ANCHOR = Pattern.compile("[^\\p{L}\\p{N} _-]");
    private final List<String> anchors = new ArrayList<>();
    private final Map<String, Integer> times = new HashMap<>();
    private final List<String> links = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final List<String> code = new ArrayList<>();

    @Override
    public void visit(Heading node) {
      StringBuilder text = new StringBuilder();
      node.accept(
          new AbstractVisitor() {
            @Override
            public void visit(Text part) {
              text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
              text.append(part.getLiteral());
            }
          });
      Matcher others = NO_ANCHOR.matcher(text.toString().toLowerCase(Locale.ROOT));
      String anchor = others.replaceAll("").replace(' ', '-');
      int before = times.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
      visitChildren(node);
    }

    @Override
    public void visit(FencedCodeBlock node) {
      blocks.add(new Block(node.getInfo() == null ? "" : node.getInfo(), node.getLiteral()));
    }

    @Override
    public void visit(Link node) {
      links.add(node.getDestination());
      visitChildren(node);
    }

    @Override
    public void visit(Code node) {
      code.add(node.getLiteral().replace("\\|", "|"));
    }
  }
}
