package dev.pillion.protocol.chat;

import java.util.List;

/** A whole answer: the fold of its {@link ChatEvent}s. */
public record ChatReply(String id, String model, List<Part> content, Ending ending) {}
