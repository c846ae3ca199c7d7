package dev.pillion.sidecar.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import java.time.Duration;
import java.util.Locale;

/**
 * The body of {@code POST /__fault}: {@code {"kind": …, "count": 1, "probability": 1, "path": ""}}
 * and the parameters of the kind.
 */
final class FaultJson {
    private FaultJson() {}

    /**
     * Arms what the JSON says, an object or a list of them.
     *
     * @throws IllegalArgumentException for a kind that is not known
     */
    static void arm(JsonNode json, FaultSwitch faults) {
        if (json.isArray()) {
            json.forEach(item -> arm(item, faults));
            return;
        }
        var kind = json.path("kind").asText();
        if (kind.equals("refuse")) {
            var time = Duration.ofMillis(json.path("millis").asLong(1_000));
            faults.refuseSoon(Duration.ofMillis(json.path("delay_millis").asLong(50)), time);
            return;
        }
        faults.arm(
                misbehaviour(kind, json),
                json.path("count").asInt(1),
                json.path("probability").asDouble(1),
                json.path("path").asText(""));
    }

    private static Misbehaviour misbehaviour(String kind, JsonNode json) {
        int events = json.path("after_events").asInt(0);
        return switch (kind) {
            case "status" -> status(json);
            case "prompt_too_long" -> new Misbehaviour.PromptTooLong();
            case "error_event" ->
                    new Misbehaviour.ErrorEvent(events, json.path("status").asInt(529));
            case "reset" -> new Misbehaviour.Break(before(json), How.RESET);
            case "hang" -> new Misbehaviour.Break(before(json), How.HANG);
            case "cut" -> new Misbehaviour.Break(before(json), How.CLOSE);
            case "no_terminal" -> new Misbehaviour.Break(Integer.MAX_VALUE, How.END);
            case "wrong_length" ->
                    new Misbehaviour.WrongLength(json.path("extra_bytes").asInt(100));
            case "truncated_chunk" -> new Misbehaviour.TruncatedChunk();
            case "garbage_http" -> new Misbehaviour.GarbageHttp();
            case "garbage_json" -> new Misbehaviour.GarbageJson();
            case "empty_body" -> new Misbehaviour.EmptyBody();
            case "never_ends" -> new Misbehaviour.NeverEnds(json.path("terminal").asBoolean(true));
            case "huge" -> new Misbehaviour.Huge(json.path("megabytes").asInt(1));
            default -> shaping(kind, json);
        };
    }

    private static Misbehaviour shaping(String kind, JsonNode json) {
        return switch (kind) {
            case "rechunk" -> new Misbehaviour.Rechunk(Math.max(1, json.path("bytes").asInt(7)));
            case "bundle" -> new Misbehaviour.Bundle(Math.max(1, json.path("events").asInt(5)));
            case "crlf" -> new Misbehaviour.Crlf();
            case "comments" -> new Misbehaviour.Comments();
            case "gzip" -> new Misbehaviour.Gzip();
            case "br" -> new Misbehaviour.Brotli();
            case "slow" -> new Misbehaviour.Slow(json.path("millis").asLong(50));
            default -> throw new IllegalArgumentException("no fault of kind '" + kind + "'");
        };
    }

    private static int before(JsonNode json) {
        return json.path("after_events").asInt(-1);
    }

    private static Misbehaviour status(JsonNode json) {
        var hint = json.path("retry").asText("none").toUpperCase(Locale.ROOT);
        return new Misbehaviour.Status(
                json.path("status").asInt(500),
                RetryHint.valueOf(hint),
                Duration.ofMillis(json.path("wait_millis").asLong(1_000)),
                json.path("html").asBoolean());
    }
}
