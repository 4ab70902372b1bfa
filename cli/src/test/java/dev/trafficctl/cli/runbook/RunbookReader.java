package dev.trafficctl.cli.runbook;

import dev.trafficctl.cli.runbook.Runbook.Block;
import dev.trafficctl.cli.runbook.Runbook.Piece;
import dev.trafficctl.cli.runbook.Runbook.Prose;
import dev.trafficctl.cli.runbook.Runbook.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** Reads a page. */
final class RunbookReader extends AbstractVisitor {
  private String title;
  private final List<Section> sections = new ArrayList<>();
  private final List<String> links = new ArrayList<>();
  private final List<String> inlineCommands = new ArrayList<>();
  private String heading;
  private List<Piece> pieces = new ArrayList<>();
  private boolean numbered;

  private RunbookReader() {}

  static Runbook read(Path file) throws IOException {
    return read(file, Files.readString(file));
  }

  static Runbook read(Path file, String markdown) {
    Node document =
        Parser.builder()
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .build()
            .parse(markdown.replace("\r\n", "\n"));
    RunbookReader reader = new RunbookReader();
    document.accept(reader);
    reader.endSection();
    return new Runbook(file, reader.title, reader.sections, reader.links, reader.inlineCommands);
  }

  private void endSection() {
    if (heading != null || !pieces.isEmpty()) {
      sections.add(new Section(heading == null ? "" : heading, pieces, numbered));
    }
    pieces = new ArrayList<>();
    numbered = false;
  }

  @Override
  public void visit(Heading node) {
    if (node.getLevel() == 1) {
      title = textOf(node);
    } else {
      endSection();
      heading = textOf(node);
    }
    visitChildren(node);
  }

  @Override
  public void visit(Paragraph node) {
    pieces.add(new Prose(line(node), textOf(node)));
    visitChildren(node);
  }

  @Override
  public void visit(FencedCodeBlock node) {
    pieces.add(new Block(line(node) + 1, node.getInfo(), node.getLiteral()));
  }

  @Override
  public void visit(OrderedList node) {
    numbered = true;
    visitChildren(node);
  }

  @Override
  public void visit(Link node) {
    links.add(node.getDestination());
    visitChildren(node);
  }

  @Override
  public void visit(Code node) {
    if (node.getLiteral().startsWith("trafficctl ")) {
      inlineCommands.add(node.getLiteral());
    }
  }

  private static int line(Node node) {
    return node.getSourceSpans().get(0).getLineIndex() + 1;
  }

  private static String textOf(Node node) {
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

          @Override
          public void visit(SoftLineBreak part) {
            text.append(' ');
          }

          @Override
          public void visit(HardLineBreak part) {
            text.append(' ');
          }
        });
    return text.toString();
  }
}
