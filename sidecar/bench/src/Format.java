package dev.pillion.bench;

import java.util.List;

/** A format of requests and answers, as clients and vendors speak it. */
enum Format {
    CHAT("/v1/chat/completions", "[DONE]", 1),
    MESSAGES("/v1/messages", "\"message_stop\"", 1),
    /** Each text comes as it grows, and whole in four events more. */
    RESPONSES("/v1/responses", "\"response.completed\"", 5),
    GEMINI("/v1beta/models/", "\"finishReason\":\"STOP\"", 1),
    /** Pillion's own; no vendor speaks it. */
    GENERATE("/v1/generate", "event: done\n", 1);

    /** How its path begins. */
    final String path;

    /** What is there only once a stream is whole. */
    final String end;

    /** How often a stream tells each piece of text. */
    final int tellings;

    Format(String path, String end, int tellings) {
        this.path = path;
        this.end = end;
        this.tellings = tellings;
    }

    /** Where a client asks. */
    String path(String model, boolean stream) {
        if (this != GEMINI) {
            return path;
        }
        return path + model + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
    }

    byte[] request(String model, Slot.Size size) {
        return switch (this) {
            case CHAT -> Payloads.chat(model, size);
            case MESSAGES -> Payloads.messages(model, size);
            case RESPONSES -> ResponsesPayloads.request(model, size);
            case GEMINI -> GeminiPayloads.request(size);
            case GENERATE -> Payloads.generate(model, size);
        };
    }

    byte[] reply() {
        return switch (this) {
            case CHAT -> Payloads.chatReply();
            case MESSAGES -> Payloads.messagesReply();
            case RESPONSES -> ResponsesPayloads.reply();
            case GEMINI -> GeminiPayloads.reply();
            case GENERATE -> throw new IllegalStateException("no vendor speaks it");
        };
    }

    List<byte[]> events() {
        return switch (this) {
            case CHAT -> Payloads.chatEvents();
            case MESSAGES -> Payloads.messagesEvents();
            case RESPONSES -> ResponsesPayloads.events();
            case GEMINI -> GeminiPayloads.events();
            case GENERATE -> throw new IllegalStateException("no vendor speaks it");
        };
    }
}
