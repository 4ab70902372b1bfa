package dev.trafficctl.model;

/** What a Kafka record's value turned out to be: an event, or a rejection with its reason. */
public sealed interface ParseResult permits WebEvent, Rejection {}
