package dev.trafficctl.cli.state;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Makes a Flink file-system plug-in with a scheme that nothing else has: {@code shelf://any/a/b} is
 * the file {@code a/b} in the directory that Flink's setting {@code shelf.root} names.
 */
final class ShelfPlugin {
  private static final String SOURCE =
      """
      package shelf;

      import java.io.IOException;
      import java.net.URI;
      import org.apache.flink.configuration.ConfigOptions;
      import org.apache.flink.configuration.Configuration;
      import org.apache.flink.core.fs.FSDataInputStream;
      import org.apache.flink.core.fs.FileStatus;
      import org.apache.flink.core.fs.FileSystem;
      import org.apache.flink.core.fs.FileSystemFactory;
      import org.apache.flink.core.fs.Path;
      import org.apache.flink.core.fs.local.LocalFileSystem;

      public class ShelfFactory implements FileSystemFactory {
        private String root;

        @Override
        public void configure(Configuration configuration) {
          root =
              configuration.get(
                  ConfigOptions.key("shelf.root").stringType().noDefaultValue());
        }

        @Override
        public String getScheme() {
          return "shelf";
        }

        @Override
        public FileSystem create(URI uri) {
          return new LocalFileSystem() {
            private Path place(Path path) throws IOException {
              if (root == null) {
                throw new IOException("shelf.root is not set\\n\\tat somewhere");
              }
              // A directory that is listed is asked for each of its entries in turn.
              return path.getPath().startsWith(root) ? path : new Path(root + path.getPath());
            }

            @Override
            public FileStatus getFileStatus(Path path) throws IOException {
              return super.getFileStatus(place(path));
            }

            @Override
            public FileStatus[] listStatus(Path path) throws IOException {
              return super.listStatus(place(path));
            }

            @Override
            public FSDataInputStream open(Path path) throws IOException {
              return super.open(place(path));
            }

            @Override
            public FSDataInputStream open(Path path, int size) throws IOException {
              return super.open(place(path), size);
            }
          };
        }
      }
      """;

  private ShelfPlugin() {}

  /**
   * Compiles it into a directory of plug-ins, as Flink has them: a directory with jars for each.
   */
  static Path installIn(Path plugins) throws IOException {
    Path work = Files.createDirectories(plugins.resolveSibling("shelf-source/shelf"));
    Path source = Files.writeString(work.resolve("ShelfFactory.java"), SOURCE);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int exit =
        compiler.run(
            null,
            null,
            null,
            "--release",
            "17",
            "-proc:none",
            "-classpath",
            System.getProperty("java.class.path"),
            source.toString());
    if (exit != 0) {
      throw new AssertionError("the plug-in does not compile");
    }
    Path jar = Files.createDirectories(plugins.resolve("shelf")).resolve("shelf.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String name : List.of("ShelfFactory.class", "ShelfFactory$1.class")) {
        out.putNextEntry(new JarEntry("shelf/" + name));
        out.write(Files.readAllBytes(work.resolve(name)));
      }
      out.putNextEntry(
          new JarEntry("META-INF/services/org.apache.flink.core.fs.FileSystemFactory"));
      out.write("shelf.ShelfFactory".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return plugins;
  }
}
