package dev.pillion.protocol.chat;

import dev.pillion.protocol.wire.Extras;

/**
 * How many tokens a request's input is, as a vendor counts it.
 *
 * @param extras what else the vendor's answer says, e.g. how many tokens are of pictures
 */
public record TokenCount(long inputTokens, Extras extras) {}
