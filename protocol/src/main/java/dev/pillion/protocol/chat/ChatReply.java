package dev.pillion.protocol.chat;

import java.util.List;

/**
 * A whole answer: the fold of its {@link ChatEvent}s.
 *
 * @param id the vendor's own
 * @param model as the client is to see it
 */
public record ChatReply(String id, String model, List<Part> content, Ending ending) {}
