package dev.trafficctl.cli.kafka;

import java.time.Instant;

/**
 * A transaction that is neither committed nor aborted yet. Nothing that lies behind its first event
 * in the partition can be read by who reads committed events alone.
 *
 * @param lastStableOffset the offset before which everything can be read
 * @param transactionalId who has it, or null where no coordinator tells: it hangs, or that may not
 *     be asked
 * @param producerId the id of the producer, or null where that may not be asked
 * @param since when it began, or, where its coordinator does not tell, when its producer last sent
 *     an event; null if neither is known
 */
public record OpenTransaction(
    long lastStableOffset, String transactionalId, Long producerId, Instant since) {}
