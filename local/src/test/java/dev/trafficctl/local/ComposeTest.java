package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be known of {@code docker-compose.yml} without a Docker engine. */
class ComposeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path SCHEMA = Path.of("schema/src/main/resources/dev/trafficctl/schema");
  private static final Path MODEL = Path.of("model/src/main/resources/dev/trafficctl/model");
  private static final Set<String> SECRETS =
      Set.of(
          "POSTGRES_PASSWORD", "JOB_PASSWORD", "KAFKA_WEB_TRAFFIC_KEY", "KAFKA_WEB_TRAFFIC_SECRET");

  /** A variable with its default, if it has one. */
  private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{(\\w+)(?::-([^}]*))?");

  private final String text = read(ROOT.resolve("docker-compose.yml"));
  private final Map<String, Object> compose = map(yaml(text));
  private final Map<String, Map<String, Object>> services = services();
  private final Map<String, String> example = example();

  /**
   * The schema is that of the Compose Specification (Apache-2.0, github.com/compose-spec), as the
   * npm package dclint 3.1.0 carries it.
   */
  @Test
  void isValidAgainstTheComposeSpecification() {
    assertThat(
            JsonSchemaFactory.getInstance(VersionFlag.V7)
                .getSchema(SchemaLocation.of("classpath:dev/trafficctl/local/compose-spec.json"))
                .validate(new ObjectMapper().valueToTree(compose)))
        .extracting(ValidationMessage::getMessage)
        .isEmpty();
  }

  @Test
  void imagesHaveTheVersionsOfTheBuild() {
    String kafka = "apache/kafka:" + pom("pom.xml", "properties/kafka.version");
    String flink = "flink:" + pom("pom.xml", "properties/flink.version") + "-java17";
    String[] postgres = pom("pom.xml", "properties/postgres-binaries.version").split("\\.");

    assertThat(each("image"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "kafka", kafka,
                "topic", kafka,
                "postgres", "postgres:" + postgres[0] + "." + postgres[1],
                "state", flink,
                "jobmanager", flink,
                "taskmanager", flink,
                "job", flink));
  }

  @Test
  void whatRunsForLongIsRestartedAndWatchedAndTheRestRunsOnce() {
    assertThat(each("restart"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "kafka", "unless-stopped",
                "postgres", "unless-stopped",
                "jobmanager", "unless-stopped",
                "taskmanager", "unless-stopped",
                "state", "no",
                "topic", "no",
                "job", "no"));
    assertThat(each("healthcheck"))
        .containsOnlyKeys("kafka", "postgres", "jobmanager", "taskmanager");
  }

  @Test
  void everyServiceHasAMemoryLimitThatHoldsItsProcess() {
    Map<String, Object> limits = each("mem_limit");
    Map<String, Object> flink = map(yaml(flinkProperties("taskmanager")));

    assertThat(limits).containsOnlyKeys(services.keySet());
    for (String process : List.of("jobmanager", "taskmanager")) {
      assertThat(bytes(limits.get(process)))
          .as(process)
          .isGreaterThan(bytes(flink.get(process + ".memory.process.size")));
    }
  }

  @Test
  void portsArePublishedOnLoopbackOnly() {
    assertThat(each("ports"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "kafka", List.of("127.0.0.1:${KAFKA_PORT:-9092}:19092"),
                "postgres", List.of("127.0.0.1:${POSTGRES_PORT:-5432}:5432"),
                "jobmanager", List.of("127.0.0.1:${FLINK_PORT:-8081}:8081")));
    assertThat(each("network_mode")).isEmpty();
  }

  @Test
  void kafkaTellsClientsOnThisMachineThePublishedPort() {
    Map<String, Object> kafka = map(services.get("kafka").get("environment"));

    assertThat(kafka)
        .containsEntry(
            "KAFKA_ADVERTISED_LISTENERS",
            "INTERNAL://kafka:9092,HOST://127.0.0.1:${KAFKA_PORT:-9092}")
        .containsEntry(
            "KAFKA_LISTENERS",
            "INTERNAL://0.0.0.0:9092,HOST://0.0.0.0:19092,CONTROLLER://127.0.0.1:9093");
  }

  @Test
  void kafkaVotesForTheNodeThatTheMountedFileMakesIt() throws IOException {
    Properties server = new Properties();
    server.load(new StringReader(read(configuration().resolve("kafka/server.properties"))));

    assertThat(map(services.get("kafka").get("environment")))
        .containsEntry(
            "KAFKA_CONTROLLER_QUORUM_VOTERS", server.getProperty("node.id") + "@127.0.0.1:9093");
  }

  @Test
  void variablesAndTheirDefaultsAreThoseOfTheExample() {
    Map<String, String> expected = new TreeMap<>(example);
    String profiles = expected.remove("COMPOSE_PROFILES");

    assertThat(variables()).isEqualTo(expected);
    assertThat(profiles).isEqualTo("kafka");
    assertThat(each("profiles"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("kafka", List.of("kafka"), "topic", List.of("kafka")));
  }

  @Test
  void secretsComeFromTheEnvironmentAlone() {
    Set<Object> values = new HashSet<>();
    services.forEach(
        (name, service) -> {
          Map<String, Object> rest = new TreeMap<>(service);
          Map<String, Object> environment = new TreeMap<>();
          if (rest.remove("environment") instanceof Map<?, ?> given) {
            environment.putAll(map(given));
          }
          SECRETS.stream()
              .filter(environment::containsKey)
              .forEach(secret -> values.add(environment.remove(secret)));
          assertThat(rest + " " + environment)
              .as(name)
              .doesNotContainPattern("PASSWORD|_KEY\\b|SECRET");
        });

    assertThat(values)
        .containsExactlyInAnyOrder(
            null,
            "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}",
            "${POSTGRES_OWNER_PASSWORD:?set POSTGRES_OWNER_PASSWORD in .env}");
    assertThat(example)
        .containsEntry("POSTGRES_PASSWORD", "")
        .containsEntry("POSTGRES_OWNER_PASSWORD", "")
        .containsEntry("KAFKA_WEB_TRAFFIC_KEY", "")
        .containsEntry("KAFKA_WEB_TRAFFIC_SECRET", "");
    assertThat(read(ROOT.resolve(".gitignore")).lines()).contains(".env");
  }

  @Test
  void theJobIsGivenItsEnvironmentWhereverItsCodeRuns() {
    for (String service : List.of("job", "jobmanager", "taskmanager")) {
      assertThat(map(services.get(service).get("environment")))
          .as(service)
          .containsOnlyKeys(
              "FLINK_PROPERTIES",
              "KAFKA_URL",
              "KAFKA_TOPIC",
              "KAFKA_GROUP",
              "KAFKA_WEB_TRAFFIC_KEY",
              "KAFKA_WEB_TRAFFIC_SECRET",
              "POSTGRES_URL",
              "POSTGRES_USER",
              "POSTGRES_PASSWORD");
    }
  }

  /** The owner's name and password are with Postgres alone. */
  @Test
  void theJobIsAnotherUserThanTheOneWhoOwnsTheTables() {
    Map<String, Object> postgres = map(services.get("postgres").get("environment"));
    String job = "${POSTGRES_USER:-traffic}";

    assertThat(postgres)
        .containsEntry("POSTGRES_USER", "traffic_owner")
        .containsEntry("JOB_USER", job)
        .containsEntry("PGOPTIONS", "-c trafficctl.job_user=" + job);
    services.forEach(
        (name, service) -> {
          if (!name.equals("postgres")) {
            assertThat(service.toString()).as(name).doesNotContain("traffic_owner", "OWNER");
          }
        });
  }

  @Test
  void mountsTheFilesOfTheLocalStackAndTheJob() {
    String jar =
        pom("job/pom.xml", "build/plugins/plugin[artifactId='maven-shade-plugin']//finalName")
            .replace("${project.version}", pom("pom.xml", "version"));
    Map<String, Path> flink =
        Map.of(
            "/etc/flink/config.yaml", flink().resolve("config.yaml"),
            "/opt/flink/conf/log4j-console.properties",
                flink().resolve("log4j-console.properties"));

    assertThat(mounts("kafka"))
        .isEqualTo(
            Map.of(
                "/mnt/shared/config/server.properties",
                configuration().resolve("kafka/server.properties")));
    assertThat(mounts("postgres"))
        .isEqualTo(
            Map.of(
                "/etc/postgresql/postgresql.conf",
                configuration().resolve("postgres/postgresql.conf"),
                "/schema",
                ROOT.resolve(SCHEMA),
                "/docker-entrypoint-initdb.d/1-schema.sh",
                configuration().resolve("postgres/schema.sh"),
                "/docker-entrypoint-initdb.d/2-role.sql",
                configuration().resolve("postgres/role.sql"),
                "/docker-entrypoint-initdb.d/3-grants.sql",
                ROOT.resolve(SCHEMA).resolve("grants.sql")));
    assertThat(mounts("jobmanager")).isEqualTo(flink);
    assertThat(mounts("taskmanager")).isEqualTo(flink);
    assertThat(mounts("job"))
        .isEqualTo(
            Map.of(
                "/etc/flink/config.yaml",
                flink().resolve("config.yaml"),
                "/opt/job/filter.yaml",
                ROOT.resolve(MODEL).resolve("filter.yaml"),
                "/opt/job/traffic-job.jar",
                ROOT.resolve("job/target").resolve(jar + ".jar")));
  }

  @Test
  void mountedFilesExist() {
    assertThat(
            services.keySet().stream()
                .flatMap(service -> mounts(service).values().stream())
                .filter(path -> !path.startsWith(ROOT.resolve("job/target")))
                .distinct())
        .hasSize(9)
        .allSatisfy(path -> assertThat(path).exists());
  }

  @Test
  void stateIsKeptInNamedVolumes() {
    assertThat(map(compose.get("volumes")))
        .containsOnlyKeys("kafka-data", "postgres-data", "state");
    assertThat(volumes("kafka")).contains("kafka-data:/var/lib/kafka/data");
    assertThat(volumes("postgres")).contains("postgres-data:/var/lib/postgresql");
    for (String service : List.of("state", "jobmanager", "taskmanager")) {
      assertThat(volumes(service)).as(service).contains("state:/state");
    }
  }

  @Test
  void flinkPropertiesAreOptionsThatTheCommonFileLeavesOpen() {
    Set<String> known =
        Stream.of(
                CheckpointingOptions.class,
                CoreOptions.class,
                JobManagerOptions.class,
                RestOptions.class,
                TaskManagerOptions.class)
            .flatMap(type -> Arrays.stream(type.getFields()))
            .filter(field -> field.getType() == ConfigOption.class)
            .map(ComposeTest::key)
            .collect(Collectors.toSet());
    Map<String, Object> common = map(yaml(read(flink().resolve("config.yaml"))));
    Map<String, Object> added = map(yaml(flinkProperties("jobmanager")));

    assertThat(added.keySet()).isSubsetOf(known);
    assertThat(common.keySet())
        .contains("heartbeat.timeout")
        .doesNotContainAnyElementsOf(added.keySet());
    assertThat(added)
        .containsEntry("jobmanager.rpc.address", "jobmanager")
        .containsEntry("rest.address", "jobmanager")
        .containsEntry("execution.checkpointing.dir", "file:///state/checkpoints");
    assertThat(flinkProperties("taskmanager")).isEqualTo(flinkProperties("jobmanager"));
    assertThat(flinkProperties("job")).isEqualTo(flinkProperties("jobmanager"));
  }

  /** The script runs as the containers run it, with other paths in it. */
  @Test
  void theEntryPointAppendsToTheCommonFileAndStartsTheCommand(@TempDir Path directory)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    for (String word : strings(services.get("taskmanager").get("entrypoint"))) {
      command.add(
          word.replace("$$", "$")
              .replace("/etc/flink/config.yaml", flink().resolve("config.yaml").toString())
              .replace("/opt/flink/conf", directory.toString()));
    }
    command.addAll(List.of("echo", "started with", "two words"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOSTNAME", "0123456789ab");
    builder.environment().put("FLINK_PROPERTIES", flinkProperties("taskmanager"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).isEqualTo("started with two words\n");
    assertThat(read(directory.resolve("config.yaml")))
        .isEqualTo(
            read(flink().resolve("config.yaml"))
                + flinkProperties("taskmanager")
                + "\ntaskmanager.host: 0123456789ab\ntaskmanager.resource-id: 0123456789ab\n");
  }

  @Test
  void eachServiceWaitsUntilWhatItNeedsIsReady() {
    Map<String, Object> healthy = Map.of("condition", "service_healthy");
    Map<String, Object> done = Map.of("condition", "service_completed_successfully");

    assertThat(each("depends_on"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "topic",
                Map.of("kafka", healthy),
                "jobmanager",
                Map.of("state", done),
                "taskmanager",
                Map.of("jobmanager", healthy),
                "job",
                Map.of(
                    "topic",
                    Map.of("condition", "service_completed_successfully", "required", false),
                    "postgres",
                    healthy,
                    "jobmanager",
                    healthy,
                    "taskmanager",
                    healthy)));
  }

  private Map<String, Map<String, Object>> services() {
    Map<String, Map<String, Object>> result = new LinkedHashMap<>();
    map(compose.get("services")).forEach((name, service) -> result.put(name, map(service)));
    return result;
  }

  /** One key of every service that has it. */
  private Map<String, Object> each(String key) {
    Map<String, Object> result = new TreeMap<>();
    services.forEach(
        (name, service) -> {
          if (service.containsKey(key)) {
            result.put(name, service.get(key));
          }
        });
    return result;
  }

  /**
   * The variables that the file uses, with their defaults, or an empty text where there is none.
   */
  private Map<String, String> variables() {
    Map<String, String> result = new TreeMap<>();
    for (MatchResult use : VARIABLE.matcher(text).results().toList()) {
      String value = use.group(2) == null ? "" : use.group(2);
      assertThat(result.put(use.group(1), value)).as(use.group(1)).isIn(null, value);
    }
    for (Map<String, Object> service : services.values()) {
      if (service.get("environment") instanceof Map<?, ?> environment) {
        map(environment).entrySet().stream()
            .filter(entry -> entry.getValue() == null)
            .forEach(entry -> result.put(entry.getKey(), ""));
      }
    }
    return result;
  }

  /** The settings of the example; one that is commented out has no value. */
  private static Map<String, String> example() {
    return read(ROOT.resolve(".env.example"))
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("# "))
        .map(line -> line.replaceFirst("^#(\\w+)=.*", "$1="))
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(line -> line[0], line -> line[1], (a, b) -> a, TreeMap::new));
  }

  private List<String> volumes(String service) {
    return strings(services.get(service).getOrDefault("volumes", List.of()));
  }

  /** Which file of the repository is mounted where; each of them read-only. */
  private Map<String, Path> mounts(String service) {
    Map<String, Path> result = new TreeMap<>();
    for (String volume : volumes(service)) {
      if (volume.startsWith("./")) {
        String[] parts = volume.split(":");
        assertThat(parts).as(volume).hasSize(3).endsWith("ro");
        result.put(parts[1], ROOT.resolve(parts[0].substring(2)));
      }
    }
    return result;
  }

  private String flinkProperties(String service) {
    return (String) map(services.get(service).get("environment")).get("FLINK_PROPERTIES");
  }

  private static String key(Field option) {
    try {
      return ((ConfigOption<?>) option.get(null)).key();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Path configuration() {
    return Distribution.ofCheckout(ROOT).configuration();
  }

  private static Path flink() {
    return configuration().resolve("flink");
  }

  private static long bytes(Object size) {
    return MemorySize.parse(String.valueOf(size)).getBytes();
  }

  private static String pom(String file, String element) {
    try {
      Document document =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(ROOT.resolve(file).toFile());
      String value =
          XPathFactory.newDefaultInstance().newXPath().evaluate("/project/" + element, document);
      assertThat(value).as(file + ": " + element).isNotEmpty();
      return value;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Object yaml(String text) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> result = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((key, entry) -> result.put((String) key, entry));
    return result;
  }

  private static List<String> strings(Object value) {
    return ((Collection<?>) value).stream().map(String.class::cast).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
