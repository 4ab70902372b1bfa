package dev.trafficctl.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * A server on a free port that answers as a Kafka broker does, in Kafka's own messages: one topic
 * with one partition in which one event, of 2026-01-31T11:59:30Z, waits at the offset 5 that the
 * group has committed.
 */
final class FakeKafka implements AutoCloseable {
  /** The topic. */
  static final String TOPIC = "web-traffic";

  private static final Uuid TOPIC_ID = new Uuid(1, 1);
  private static final int BROKER = 1;
  private static final long COMMITTED = 5;
  private static final long END = 6;
  private static final long EVENT_TIME = 1_769_860_770_000L;
  private static final long EARLIEST = -2;
  private static final long LATEST = -1;
  private static final byte BY_DEFAULT = 5;
  private static final byte LONG = 5;
  private static final byte LIST = 7;

  private final LoopbackServer server;
  private final Consumer<ApiMessage> change;

  /**
   * Begins to listen.
   *
   * @param change what a test has to do with an answer before it is sent; it hangs up by throwing
   *     an {@link UncheckedIOException}
   */
  FakeKafka(Consumer<ApiMessage> change) {
    this.change = change;
    this.server = new LoopbackServer("fake-kafka", this::serve);
  }

  /** Where it is, as {@code --kafka-url} takes it. */
  String address() {
    return server.address();
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      while (true) {
        ByteBuffer request = ByteBuffer.wrap(in.readNBytes(in.readInt()));
        RequestHeader header = RequestHeader.parse(request);
        AbstractRequest body =
            AbstractRequest.parseRequest(
                    header.apiKey(), header.apiVersion(), new ByteBufferAccessor(request))
                .request;
        ApiMessage answer = answer(header.apiKey(), body);
        change.accept(answer);
        ResponseHeader first = header.toResponseHeader();
        ByteBuffer bytes =
            RequestUtils.serialize(
                first.data(), first.headerVersion(), answer, header.apiVersion());
        out.writeInt(bytes.remaining());
        out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        out.flush();
      }
    } catch (IOException | UncheckedIOException e) {
      // The client has left, or the one who changes answers wants no answer.
      return;
    }
  }

  private ApiMessage answer(ApiKeys key, AbstractRequest request) {
    return switch (key) {
      case API_VERSIONS ->
          new ApiVersionsResponseData()
              .setApiKeys(ApiVersionsResponse.brokerApiVersions(ListenerType.BROKER, false, false));
      case METADATA -> metadata();
      case DESCRIBE_CLUSTER -> cluster();
      case DESCRIBE_TOPIC_PARTITIONS -> topics();
      case FIND_COORDINATOR ->
          new FindCoordinatorResponseData()
              .setCoordinators(
                  ((FindCoordinatorRequest) request)
                      .data().coordinatorKeys().stream().map(this::coordinator).toList());
      case OFFSET_FETCH ->
          new OffsetFetchResponseData()
              .setGroups(
                  ((OffsetFetchRequest) request)
                      .data().groups().stream().map(group -> committed(group.groupId())).toList());
      case LIST_OFFSETS ->
          offsets(
              ((ListOffsetsRequest) request)
                  .data()
                  .topics()
                  .get(0)
                  .partitions()
                  .get(0)
                  .timestamp());
      case DESCRIBE_CONFIGS -> configs();
      case FETCH -> fetched();
      default -> throw new IllegalArgumentException("not asked by any command: " + key);
    };
  }

  private MetadataResponseData metadata() {
    MetadataResponseData.MetadataResponseBrokerCollection brokers =
        new MetadataResponseData.MetadataResponseBrokerCollection();
    brokers.add(
        new MetadataResponseData.MetadataResponseBroker()
            .setNodeId(BROKER)
            .setHost(server.host())
            .setPort(server.port()));
    MetadataResponseData.MetadataResponseTopicCollection topics =
        new MetadataResponseData.MetadataResponseTopicCollection();
    topics.add(
        new MetadataResponseData.MetadataResponseTopic()
            .setName(TOPIC)
            .setTopicId(TOPIC_ID)
            .setPartitions(
                List.of(
                    new MetadataResponseData.MetadataResponsePartition()
                        .setPartitionIndex(0)
                        .setLeaderId(BROKER)
                        .setLeaderEpoch(1)
                        .setReplicaNodes(List.of(BROKER))
                        .setIsrNodes(List.of(BROKER)))));
    return new MetadataResponseData()
        .setBrokers(brokers)
        .setClusterId("training")
        .setControllerId(BROKER)
        .setTopics(topics);
  }

  private DescribeClusterResponseData cluster() {
    DescribeClusterResponseData.DescribeClusterBrokerCollection brokers =
        new DescribeClusterResponseData.DescribeClusterBrokerCollection();
    brokers.add(
        new DescribeClusterResponseData.DescribeClusterBroker()
            .setBrokerId(BROKER)
            .setHost(server.host())
            .setPort(server.port()));
    return new DescribeClusterResponseData()
        .setClusterId("training")
        .setControllerId(BROKER)
        .setBrokers(brokers);
  }

  private static DescribeTopicPartitionsResponseData topics() {
    DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopicCollection topics =
        new DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopicCollection();
    topics.add(
        new DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic()
            .setName(TOPIC)
            .setTopicId(TOPIC_ID)
            .setPartitions(
                List.of(
                    new DescribeTopicPartitionsResponseData
                            .DescribeTopicPartitionsResponsePartition()
                        .setPartitionIndex(0)
                        .setLeaderId(BROKER)
                        .setLeaderEpoch(1)
                        .setReplicaNodes(List.of(BROKER))
                        .setIsrNodes(List.of(BROKER))
                        .setEligibleLeaderReplicas(List.of())
                        .setLastKnownElr(List.of())
                        .setOfflineReplicas(List.of()))));
    return new DescribeTopicPartitionsResponseData().setTopics(topics);
  }

  private FindCoordinatorResponseData.Coordinator coordinator(String group) {
    return new FindCoordinatorResponseData.Coordinator()
        .setKey(group)
        .setNodeId(BROKER)
        .setHost(server.host())
        .setPort(server.port());
  }

  private static OffsetFetchResponseData.OffsetFetchResponseGroup committed(String group) {
    return new OffsetFetchResponseData.OffsetFetchResponseGroup()
        .setGroupId(group)
        .setTopics(
            List.of(
                new OffsetFetchResponseData.OffsetFetchResponseTopics()
                    .setName(TOPIC)
                    .setPartitions(
                        List.of(
                            new OffsetFetchResponseData.OffsetFetchResponsePartitions()
                                .setPartitionIndex(0)
                                .setCommittedOffset(COMMITTED)
                                .setMetadata("")))));
  }

  private static ListOffsetsResponseData offsets(long wanted) {
    Map<Long, Long> known = Map.of(EARLIEST, 0L, LATEST, END);
    return new ListOffsetsResponseData()
        .setTopics(
            List.of(
                new ListOffsetsResponseData.ListOffsetsTopicResponse()
                    .setName(TOPIC)
                    .setPartitions(
                        List.of(
                            new ListOffsetsResponseData.ListOffsetsPartitionResponse()
                                .setPartitionIndex(0)
                                .setLeaderEpoch(1)
                                .setOffset(known.getOrDefault(wanted, -1L))))));
  }

  private static DescribeConfigsResponseData configs() {
    return new DescribeConfigsResponseData()
        .setResults(
            List.of(
                new DescribeConfigsResponseData.DescribeConfigsResult()
                    .setResourceType((byte) 2)
                    .setResourceName(TOPIC)
                    .setConfigs(
                        List.of(
                            config("cleanup.policy", LIST, "delete"),
                            config("retention.ms", LONG, "604800000"),
                            config("retention.bytes", LONG, "-1")))));
  }

  private static DescribeConfigsResponseData.DescribeConfigsResourceResult config(
      String name, byte type, String value) {
    return new DescribeConfigsResponseData.DescribeConfigsResourceResult()
        .setName(name)
        .setConfigSource(BY_DEFAULT)
        .setConfigType(type)
        .setValue(value);
  }

  private static FetchResponseData fetched() {
    return new FetchResponseData()
        .setResponses(
            List.of(
                new FetchResponseData.FetchableTopicResponse()
                    .setTopic(TOPIC)
                    .setTopicId(TOPIC_ID)
                    .setPartitions(
                        List.of(
                            new FetchResponseData.PartitionData()
                                .setPartitionIndex(0)
                                .setHighWatermark(END)
                                .setLastStableOffset(END)
                                .setLogStartOffset(0)
                                .setRecords(
                                    MemoryRecords.withRecords(
                                        COMMITTED,
                                        Compression.lz4().build(),
                                        new SimpleRecord(EVENT_TIME, new byte[] {1})))))));
  }

  @Override
  public void close() {
    server.close();
  }
}
