package dev.pillion.bench;

import java.util.ArrayList;
import java.util.List;

/** The Gemini API's request and answers; {@link Payloads} tells how text is marked. */
final class GeminiPayloads {
    private static final String USAGE =
            "\"usageMetadata\":{\"promptTokenCount\":180,\"candidatesTokenCount\":210,"
                    + "\"totalTokenCount\":390,\"promptTokensDetails\":[{\"modality\":\"TEXT\","
                    + "\"tokenCount\":180}]},\"modelVersion\":\"gemini-bench\","
                    + "\"responseId\":\"bench\"}";

    private GeminiPayloads() {}

    static byte[] request(Slot.Size size) {
        String head =
                "{\"systemInstruction\":{\"parts\":[{\"text\":"
                        + "\"You are a careful assistant to an accountant.\"}]},"
                        + "\"generationConfig\":{\"maxOutputTokens\":256},\"contents\":[";
        return Payloads.padded(head, "]}", size.requestBytes, GeminiPayloads::turn);
    }

    private static String turn(String role, String text) {
        String name = role.equals("assistant") ? "model" : role;
        return "{\"role\":\"" + name + "\",\"parts\":[{\"text\":\"" + text + "\"}]}";
    }

    static byte[] reply() {
        return Payloads.reply(
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"",
                "\"}],\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}]," + USAGE);
    }

    static List<byte[]> events() {
        var events = new ArrayList<byte[]>();
        for (int i = 0; i < Payloads.EVENTS; i++) {
            String finish = i == Payloads.EVENTS - 1 ? ",\"finishReason\":\"STOP\"" : "";
            String event =
                    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\" token"
                            + i
                            + Payloads.MARK
                            + "\"}],\"role\":\"model\"}"
                            + finish
                            + ",\"index\":0}],"
                            + USAGE
                            + "\r\n\r\n";
            events.add(Payloads.bytes(event));
        }
        return events;
    }
}
