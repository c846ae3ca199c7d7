package dev.pillion.protocol.chat;

/**
 * Who speaks in a message. {@code SYSTEM} appears here only for an instruction in mid conversation.
 */
public enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    TOOL
}
