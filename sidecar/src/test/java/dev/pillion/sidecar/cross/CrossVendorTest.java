package dev.pillion.sidecar.cross;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.Dialects;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.SelfConfig;
import dev.pillion.sidecar.cross.Reason.Cause;
import dev.pillion.sidecar.cross.Verdict.Accepted;
import dev.pillion.sidecar.cross.Verdict.Refused;
import dev.pillion.sidecar.cross.Verdict.Wrong;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Corpus.Exchange;
import dev.pillion.sidecar.simulate.kit.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every recorded request of one vendor's clients that another vendor can express arrives there: its
 * simulator accepts it, and nothing of the content is missing. The comparison reads both bodies for
 * itself and shares no class with the adapters.
 */
class CrossVendorTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<ModelConfig> CATALOG = catalog();

    private static List<ModelConfig> catalog() {
        var keys =
                Map.of(
                        "ANTHROPIC_API_KEY", "a",
                        "OPENAI_API_KEY", "o",
                        "XAI_API_KEY", "x",
                        "GEMINI_API_KEY", "g");
        return List.copyOf(
                Objects.requireNonNull(SelfConfig.from(keys, null).config()).models().values());
    }

    /** The target's models, those of a class first; among them any may serve. */
    private static List<ModelConfig> models(String provider) {
        return CATALOG.stream()
                .filter(model -> model.provider().equals(provider))
                .sorted(Comparator.comparing(model -> model.modelClass() == null))
                .toList();
    }

    @ParameterizedTest(name = "{0} {1} to {2}")
    @CsvSource({
        "openai, chat.completions, anthropic",
        "openai, chat.completions, xai",
        "openai, chat.completions, gemini",
        "openai, responses, anthropic",
        "openai, responses, xai",
        "openai, responses, gemini",
        "anthropic, messages, openai",
        "anthropic, messages, xai",
        "anthropic, messages, gemini",
    })
    @DisplayName("F20 F21 F26 F31 F32 F33: what another vendor can express arrives whole")
    void everyRequestThatTheTargetCanExpressArrivesWhole(
            String vendor, String endpoint, String target) {
        Dialect dialect = (Dialect) Objects.requireNonNull(Dialects.of(endpoint));
        var verdicts = new TreeMap<String, Verdict>();
        List<Exchange> exchanges =
                Corpus.of(vendor).stream()
                        .filter(e -> e.endpoint().equals(endpoint) && e.status() < 300)
                        .toList();
        for (Exchange exchange : exchanges) {
            verdicts.put(exchange.id(), verdict(exchange, dialect, target));
        }
        report(vendor + " " + endpoint + " to " + target, target, verdicts);
        var wrong = new ArrayList<String>();
        verdicts.forEach((id, verdict) -> {
            switch (verdict) {
                case Accepted _ -> {}
                case Refused(var why) when Reason.of(target, why) != null -> {}
                case Refused(var why) -> wrong.add(id + ": refused without need: " + why);
                case Wrong(var what) -> wrong.add(id + ": " + what);
            }
        });
        assertEquals("", String.join("\n", wrong));
        assertTrue(verdicts.values().stream().anyMatch(Accepted.class::isInstance));
    }

    private static void report(String title, String target, Map<String, Verdict> verdicts) {
        var causes = new EnumMap<Cause, Map<String, Integer>>(Cause.class);
        int accepted = 0;
        int lost = 0;
        for (Verdict verdict : verdicts.values()) {
            switch (verdict) {
                case Accepted _ -> accepted++;
                case Refused(var said) -> {
                    Reason reason = Reason.of(target, said);
                    if (reason != null) {
                        causes.computeIfAbsent(reason.cause(), _ -> new TreeMap<>())
                                .merge(reason.why(), 1, Integer::sum);
                    }
                }
                case Wrong _ -> lost++;
            }
        }
        System.out.printf(
                "%s: of %d requests %d are expressible there, %d arrived whole, %d lost; refused by"
                        + " name: %d the target has no word for %s, %d the uniform form has none"
                        + " for %s%n",
                title,
                verdicts.size(),
                verdicts.size() - count(causes, Cause.TARGET),
                accepted,
                lost,
                count(causes, Cause.TARGET),
                causes.getOrDefault(Cause.TARGET, Map.of()),
                count(causes, Cause.UNIFORM),
                causes.getOrDefault(Cause.UNIFORM, Map.of()));
    }

    private static int count(Map<Cause, Map<String, Integer>> causes, Cause cause) {
        return causes.getOrDefault(cause, Map.of()).values().stream().mapToInt(i -> i).sum();
    }

    private static Verdict verdict(Exchange exchange, Dialect dialect, String target) {
        var surface =
                new Surface(
                        exchange.path(),
                        headers(exchange),
                        exchange.body().toString().getBytes(StandardCharsets.UTF_8));
        ChatRequest request;
        try {
            request = dialect.decode(surface);
        } catch (FaultException e) {
            return new Refused(e.getMessage());
        }
        if (answersNoCall(exchange.body())) {
            return new Refused("a result whose call is not there, which its own vendor once took");
        }
        Verdict first = null;
        var unables = new TreeSet<String>();
        for (ModelConfig model : models(target)) {
            Provider format = Objects.requireNonNull(Providers.speaking(target));
            String unable = unable(request, model, format);
            Verdict verdict =
                    unable == null ? sent(exchange, request, model, format) : new Refused(unable);
            if (!(verdict instanceof Refused)) {
                return verdict;
            }
            if (unable != null) {
                unables.add(unable);
            } else if (first == null) {
                first = verdict;
            }
        }
        return first == null ? new Refused("no model: " + unables) : first;
    }

    /** Some recordings put another call's id into the result. */
    private static boolean answersNoCall(JsonNode body) {
        var calls = new ArrayList<String>();
        for (JsonNode message : body.path("messages")) {
            for (JsonNode block : message.path("content")) {
                if (block.path("type").asText().equals("tool_use")) {
                    calls.add(block.path("id").asText());
                }
                if (block.path("type").asText().equals("tool_result")
                        && !calls.contains(block.path("tool_use_id").asText())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Headers headers(Exchange exchange) {
        var names = new ArrayList<String>();
        for (var entry : exchange.request().path("headers").properties()) {
            names.add(entry.getKey());
            names.add(entry.getValue().asText());
        }
        return Headers.of(names.toArray(String[]::new));
    }

    /** Why the planner would leave the model out; null when it would not. */
    private static String unable(ChatRequest request, ModelConfig model, Provider format) {
        for (Need need : Needs.of(request)) {
            var capability = Capability.valueOf(need.name());
            if (!model.traits().can(capability) || !format.carries().contains(capability)) {
                return "can't do " + need.wire();
            }
        }
        for (Refusal refusal : Needs.refusable(request)) {
            if (model.traits().refuses(refusal)) {
                return "refuses " + refusal.wire();
            }
        }
        return null;
    }

    private static Verdict sent(
            Exchange exchange, ChatRequest request, ModelConfig model, Provider format) {
        UpstreamCall call;
        try {
            call =
                    format.encode(
                            request,
                            new EncodeContext(model.traits(), model.provider(), "main", false));
        } catch (FaultException e) {
            return new Refused(e.getMessage());
        }
        var body = new ByteSink();
        call.body().forEach(slice -> body.write(slice.duplicate()));
        Reply reply = Simulators.of(model.provider()).answer(ask(call, body.toByteArray(), format));
        if (reply.status() != 200) {
            String why = reply instanceof Reply.Whole whole ? whole.body() : "";
            return new Wrong("not accepted by " + model.id() + ": " + why);
        }
        JsonNode there = json(body.toByteArray());
        List<String> missing =
                Simulators.source(exchange.endpoint())
                        .apply(exchange.body())
                        .missingIn(Simulators.sent(call.path()).apply(there));
        return missing.isEmpty() ? new Accepted() : new Wrong("lost " + missing);
    }

    private static Ask ask(UpstreamCall call, byte[] body, Provider format) {
        var headers = new HashMap<String, String>();
        call.headers().fields().forEach(f -> headers.put(f.name(), f.value()));
        format.credentials("any-key").fields().forEach(f -> headers.put(f.name(), f.value()));
        int mark = call.path().indexOf('?');
        String path = mark < 0 ? call.path() : call.path().substring(0, mark);
        String query = mark < 0 ? "" : call.path().substring(mark + 1);
        return new Ask(call.method(), path, query, headers, body, 0);
    }

    private static JsonNode json(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
