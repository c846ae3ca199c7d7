package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.AnswerReader;
import dev.pillion.adapters.openai.Citations;
import dev.pillion.adapters.openai.Faults;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.adapters.openai.TextCheck;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One answer as it comes in: the events of a stream, or the whole, through the same steps. */
final class ResponseAnswer implements AnswerReader.Steps {
    private final ResponsesQuirks quirks;
    private final AnswerParts parts;
    private final OutputItems items;
    private final @Nullable TextCheck check;
    private boolean started;
    private boolean ended;

    /**
     * @param account the vendor account and
     * @param model the model that the answer's state is bound to
     * @param schema what the answer's text is held to, where the vendor was not made to
     */
    ResponseAnswer(
            ResponsesQuirks quirks, String account, String model, @Nullable ObjectNode schema) {
        this.quirks = quirks;
        this.check = schema == null ? null : new TextCheck(schema);
        this.parts = new AnswerParts(quirks, account, model, check);
        this.items = new OutputItems(parts);
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void fail(Fault fault, Consumer<ChatEvent> out) {
        if (!ended) {
            ended = true;
            out.accept(new ChatEvent.Failed(fault));
        }
    }

    @Override
    public void whole(JsonNode body, Consumer<ChatEvent> out) {
        if (body.path("output").isArray()) {
            start(body, out);
            ended(body, out);
        } else if (Faults.isError(body)) {
            fail(Faults.inside(body), out);
        } else {
            fail(Fault.protocol("the vendor's answer has no output"), out);
        }
    }

    @Override
    public void event(JsonNode event, Consumer<ChatEvent> out) {
        if (!event.isObject()) {
            fail(Fault.protocol("an event of the vendor is no JSON object"), out);
            return;
        }
        String type = event.path("type").asText("");
        if (type.equals("error") || Faults.isError(event)) {
            fail(Faults.inside(event), out);
            return;
        }
        switch (type) {
            case "response.created", "response.queued", "response.in_progress" ->
                    start(event.path("response"), out);
            case "response.completed",
                    "response.incomplete",
                    "response.failed",
                    "response.cancelled",
                    "response.done" -> {
                start(event.path("response"), out);
                ended(event.path("response"), out);
            }
            default -> {
                if (!items.take(type, event, out)) {
                    out.accept(new ChatEvent.Ping());
                }
            }
        }
    }

    /** The end is an event of its own; a marker of Chat Completions behind it says nothing. */
    @Override
    public void marker(Consumer<ChatEvent> out) {
        out.accept(new ChatEvent.Ping());
    }

    @Override
    public void end(Consumer<ChatEvent> out) {
        fail(Fault.protocol("the vendor's stream broke off"), out);
    }

    /** The event that completes an answer is its last: nothing is waited for behind it. */
    @Override
    public boolean finishing() {
        return false;
    }

    private void start(JsonNode response, Consumer<ChatEvent> out) {
        if (!started) {
            started = true;
            out.accept(
                    new ChatEvent.Started(
                            response.path("id").asText(""), response.path("model").asText("")));
        }
    }

    /** The vendor says how the whole came out. */
    private void ended(JsonNode response, Consumer<ChatEvent> out) {
        Fault fault = notFinished(response);
        if (fault == null) {
            finish(response, out);
        } else {
            usage(response, out);
            fail(fault, out);
        }
    }

    /**
     * Whether the answer was asked for in the background, and is to be fetched when it is there.
     */
    static boolean isLater(JsonNode response) {
        return response.path("background").asBoolean()
                && switch (response.path("status").asText()) {
                    case "queued", "in_progress" -> true;
                    default -> false;
                };
    }

    /** Why a response that is over is none; null when it is one. */
    static @Nullable Fault notFinished(JsonNode response) {
        return switch (response.path("status").asText("completed")) {
            case "failed", "cancelled" -> failure(response);
            case "queued", "in_progress" ->
                    Fault.protocol("the vendor's answer has to be fetched later");
            default -> null;
        };
    }

    private static Fault failure(JsonNode response) {
        if (!response.path("error").isObject()) {
            return Fault.protocol("the vendor gave its answer up");
        }
        ObjectNode body = Json.object();
        body.set("error", response.get("error"));
        return Faults.inside(body);
    }

    private void finish(JsonNode response, Consumer<ChatEvent> out) {
        items.close(response.path("output"), out);
        usage(response, out);
        parts.sources(out);
        Stop stop = stop(response, parts.called(), parts.refused());
        Fault broken = parts.broken();
        if (broken == null && check != null && stop.reason() == StopReason.END) {
            broken = check.broken();
        }
        if (broken != null) {
            fail(broken, out);
            return;
        }
        ended = true;
        out.accept(new ChatEvent.Finished(stop));
    }

    private void usage(JsonNode response, Consumer<ChatEvent> out) {
        if (response.path("usage").isObject()) {
            out.accept(
                    new ChatEvent.UsageSeen(ResponseUsage.of(response, quirks, parts.searches())));
        }
    }

    /** How a response ended that is one, with calls or a refusal in it. */
    static Stop stop(JsonNode response, boolean called, boolean refused) {
        if (response.path("status").asText("completed").equals("incomplete")) {
            String reason = Citations.text(response.path("incomplete_details"), "reason");
            return switch (reason == null ? "" : reason) {
                case "max_output_tokens" -> new Stop(StopReason.MAX_TOKENS);
                case "content_filter" -> new Stop(StopReason.REFUSAL, null, reason);
                // Others are limits of rounds, calls or time: never a clean end.
                default -> new Stop(StopReason.MAX_TOKENS, null, reason);
            };
        }
        if (called) {
            return new Stop(StopReason.TOOL_CALL);
        }
        return refused
                ? new Stop(StopReason.REFUSAL, null, Marks.REFUSAL)
                : new Stop(StopReason.END);
    }
}
