package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One answer as it comes in: chunks of a stream, or the whole, through the same steps. */
final class Answer implements AnswerReader.Steps {
    private final Quirks quirks;
    private final Parts parts;
    private final Set<String> sources = new HashSet<>();
    private final @Nullable TextCheck check;
    private boolean started;
    private boolean ended;
    private boolean choiceSeen;
    private boolean whole;
    private @Nullable String finishReason;
    private @Nullable String stopSequence;
    private @Nullable JsonNode usage;
    private @Nullable String serviceTier;
    private @Nullable Usage reported;

    Answer(String audioType, @Nullable ObjectNode schema, Quirks quirks, @Nullable String last) {
        this.quirks = quirks;
        parts = new Parts(audioType, quirks.repeats() ? new Repeats(last) : null);
        check = schema == null ? null : new TextCheck(schema);
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public boolean finishing() {
        return finishReason != null && !ended;
    }

    @Override
    public void fail(Fault fault, Consumer<ChatEvent> out) {
        if (!ended) {
            ended = true;
            out.accept(new ChatEvent.Failed(fault));
        }
    }

    @Override
    public void event(JsonNode event, Consumer<ChatEvent> out) {
        if (Faults.isError(event)) {
            fail(Faults.inside(event), out);
            return;
        }
        if (!event.isObject()) {
            fail(Fault.protocol("an event of the vendor is no JSON object"), out);
            return;
        }
        start(event, out);
        for (JsonNode choice : event.path("choices")) {
            // One answer is asked for; another has no place.
            if (choice.path("index").asInt(0) == 0) {
                choice(choice, out);
            }
        }
        sources(event, out);
        usage(event, out);
        if ("error".equals(finishReason)) {
            fail(Fault.protocol("the vendor ended its answer with an error"), out);
        }
    }

    @Override
    public void whole(JsonNode body, Consumer<ChatEvent> out) {
        if (!Faults.isError(body) && !body.path("choices").path(0).isObject()) {
            fail(Fault.protocol("the vendor's answer has no choices"), out);
            return;
        }
        whole = true;
        event(body, out);
        if (!ended) {
            marker(out);
        }
    }

    private void start(JsonNode event, Consumer<ChatEvent> out) {
        if (!started) {
            started = true;
            out.accept(
                    new ChatEvent.Started(
                            event.path("id").asText(""), event.path("model").asText("")));
        }
    }

    private void choice(JsonNode choice, Consumer<ChatEvent> out) {
        choiceSeen = true;
        // A server has been seen to send both: the one that belongs here counts.
        JsonNode content = choice.path(whole ? "message" : "delta");
        if (content.isObject()) {
            parts.add(content, check == null ? out : check.watching(out));
        }
        String reason = Citations.text(choice, "finish_reason");
        if (reason == null) {
            reason = Citations.text(choice.path("finish_details"), "type");
        }
        if (reason != null && !reason.isEmpty()) {
            finishReason = reason;
            stopSequence = Citations.text(choice, "stop_reason");
        }
    }

    /** What search-backed servers list beside their answer. */
    private void sources(JsonNode event, Consumer<ChatEvent> out) {
        JsonNode results = event.path("search_results");
        if (results.isArray() && !results.isEmpty()) {
            for (JsonNode result : results) {
                source(
                        Citations.text(result, "url"),
                        Citations.text(result, "title"),
                        Citations.text(result, "date"),
                        out);
            }
            return;
        }
        for (JsonNode citation : event.path("citations")) {
            source(citation.isTextual() ? citation.textValue() : null, null, null, out);
        }
    }

    private void source(
            @Nullable String url,
            @Nullable String title,
            @Nullable String published,
            Consumer<ChatEvent> out) {
        if (url != null && sources.add(url)) {
            out.accept(new ChatEvent.SourceSeen(new Source(url, title, published)));
        }
    }

    private void usage(JsonNode event, Consumer<ChatEvent> out) {
        String tier = Citations.text(event, "service_tier");
        if (tier != null) {
            serviceTier = tier;
        }
        if (event.path("usage").isObject()) {
            usage = event.get("usage");
        }
        if (usage == null) {
            return;
        }
        Usage now = Usages.of(usage, serviceTier, quirks.shortPrompts());
        if (!now.equals(reported)) {
            reported = now;
            out.accept(new ChatEvent.UsageSeen(now));
        }
    }

    /** The vendor says that the answer is complete. */
    @Override
    public void marker(Consumer<ChatEvent> out) {
        if (ended) {
            return;
        }
        if (!choiceSeen) {
            fail(Fault.protocol("the vendor's answer ended before it began"), out);
            return;
        }
        Fault broken = parts.close(out);
        Stop stop = stop();
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

    /** The stream ended without its closing marker. */
    @Override
    public void end(Consumer<ChatEvent> out) {
        if (finishReason == null) {
            fail(Fault.protocol("the vendor's stream broke off"), out);
        } else {
            marker(out);
        }
    }

    private Stop stop() {
        return Stops.of(finishReason, stopSequence, parts.called(), parts.refused());
    }
}
