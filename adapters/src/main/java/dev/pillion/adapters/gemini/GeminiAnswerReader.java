package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the vendor's chunks into events; a whole answer is a single chunk. It ends with its body:
 * usage, and a closing signature, may come after the finish reason.
 */
final class GeminiAnswerReader {
    private final Headers reply;
    private final GeminiAnswerCheck check;
    private final GeminiParts parts;
    private final GeminiGrounding grounding = new GeminiGrounding();
    private final GeminiCandidateFields fields = new GeminiCandidateFields();
    private final GeminiUsage usage;
    private @Nullable Usage reported;
    private boolean started;
    private boolean candidateSeen;
    private @Nullable String finishReason;
    private @Nullable String blockReason;

    GeminiAnswerReader(GeminiAnswerCheck check, EncodeContext context, Headers reply) {
        this.reply = reply;
        this.check = check;
        this.parts = new GeminiParts(check, context, grounding);
        this.usage = new GeminiUsage(reply.get(GeminiUsage.TIER_HEADER));
    }

    boolean hasFinishReason() {
        return finishReason != null;
    }

    /** Takes the next chunk; gives what broke the answer, null where nothing did. */
    @Nullable Fault chunk(JsonNode chunk, Consumer<ChatEvent> out) {
        if (!chunk.isObject()) {
            return Fault.protocol("a chunk of the answer is no JSON object");
        }
        if (chunk.has("error")) {
            return GeminiFaults.inside(chunk, reply);
        }
        start(chunk, out);
        if (reported == null) {
            usage(chunk, out); // Before content, for surfaces that tell it as they begin.
        }
        for (JsonNode candidate : chunk.path("candidates")) {
            // One answer is asked for; another has no place.
            if (candidate.path("index").asInt(0) == 0) {
                Fault broken = candidate(candidate, out);
                if (broken != null) {
                    return broken;
                }
            }
        }
        JsonNode block = chunk.path("promptFeedback").path("blockReason");
        if (!block.asText("").isEmpty() && !block.asText().equals("BLOCKED_REASON_UNSPECIFIED")) {
            blockReason = block.asText();
        }
        usage(chunk, out);
        return null;
    }

    private void start(JsonNode chunk, Consumer<ChatEvent> out) {
        if (!started) {
            started = true;
            String id = chunk.path("responseId").asText("");
            parts.answerId(id);
            out.accept(new ChatEvent.Started(id, chunk.path("modelVersion").asText("")));
        }
    }

    private @Nullable Fault candidate(JsonNode candidate, Consumer<ChatEvent> out) {
        candidateSeen = true;
        grounding.add(candidate, out);
        fields.add(candidate);
        for (JsonNode part : candidate.path("content").path("parts")) {
            Fault broken =
                    part instanceof ObjectNode object
                            ? parts.add(object, out)
                            : Fault.protocol("a part of the answer is no JSON object");
            if (broken != null) {
                return broken;
            }
        }
        String reason = GeminiStops.reason(candidate.path("finishReason"));
        if (reason != null) {
            finishReason = reason;
        }
        return null;
    }

    private void usage(JsonNode chunk, Consumer<ChatEvent> out) {
        Usage now = usage.merge(chunk.path("usageMetadata"), grounding.asked());
        if (now != null && !now.equals(reported)) {
            reported = now;
            out.accept(new ChatEvent.UsageSeen(now));
        }
    }

    /** The body has ended; gives what is wrong with the answer, null where it is whole. */
    @Nullable Fault finish(Consumer<ChatEvent> out) {
        if (finishReason == null) {
            return unfinished(out);
        }
        Stop stop = GeminiStops.of(finishReason, parts.called());
        parts.end(out);
        if (stop == null) {
            return Fault.protocol("the vendor ended its answer with " + finishReason);
        }
        Part item = fields.item();
        if (item != null) {
            parts.whole(item, null, out);
        }
        String broken = isWhole(stop.reason()) ? check.broken() : null;
        if (broken != null) {
            return Fault.protocol(broken);
        }
        out.accept(new ChatEvent.Finished(stop));
        return null;
    }

    private @Nullable Fault unfinished(Consumer<ChatEvent> out) {
        if (blockReason != null) {
            out.accept(new ChatEvent.Finished(new Stop(StopReason.REFUSAL, null, blockReason)));
            return null;
        }
        if (!started) {
            return Fault.protocol("the answer was cut: it ended before it began");
        }
        return Fault.protocol(
                candidateSeen
                        ? "the answer was cut: it ended without a finish reason"
                        : "the answer has no candidates");
    }

    /** Only an answer that was not cut, refused or paused can be held to its schema. */
    private static boolean isWhole(StopReason reason) {
        return switch (reason) {
            case END, STOP_SEQUENCE, TOOL_CALL -> true;
            case MAX_TOKENS, REFUSAL, PAUSED -> false;
        };
    }
}
