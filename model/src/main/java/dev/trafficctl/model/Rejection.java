package dev.trafficctl.model;

/**
 * Why a record's value is not an event that can be stored.
 *
 * @param reason the kind of defect, counted under this name
 * @param detail what was found and where, in one line, without control characters
 */
public record Rejection(RejectionReason reason, String detail) implements ParseResult {}
