package dev.pillion.adapters.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits.Thinking;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.CacheMark;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Extras;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class AnthropicRequestTest {

    private static FaultException refused(Samples.Ask ask, EncodeContext context) {
        return assertThrows(FaultException.class, () -> Samples.call(ask, context));
    }

    private static EncodeContext refusing(Refusal... what) {
        return Samples.context(Samples.traits("claude-test-1", Thinking.ADAPTIVE, what));
    }

    @Test
    @DisplayName("F26 several results of parallel calls share one user turn and stand first in it")
    void parallelResultsShareATurn() {
        var ask =
                Samples.ask(
                        Samples.user("go"),
                        Samples.assistant(
                                Samples.call("a", "one", "{}"), Samples.call("b", "two", "{}")),
                        new Message(Role.TOOL, List.of(Samples.result("a", "1"))),
                        new Message(Role.TOOL, List.of(Samples.result("b", "2"))),
                        Samples.user("and now?"));
        JsonNode turns = Samples.body(ask).path("messages");
        assertEquals(3, turns.size());
        JsonNode content = turns.path(2).path("content");
        assertEquals("a", content.path(0).path("tool_use_id").asText());
        assertEquals("b", content.path(1).path("tool_use_id").asText());
        assertEquals("and now?", content.path(2).path("text").asText());
    }

    @Test
    @DisplayName("F26 ids that Anthropic would refuse are replaced alike on call and result")
    void foreignIdsAreReplacedAlike() {
        String odd = "call:1/" + "x".repeat(90);
        var ask =
                Samples.ask(
                        Samples.user("go"),
                        Samples.assistant(Samples.call(odd, "one", "{}")),
                        new Message(Role.TOOL, List.of(Samples.result(odd, "1"))));
        JsonNode turns = Samples.body(ask).path("messages");
        String id = turns.path(1).path("content").path(0).path("id").asText();
        assertTrue(id.matches("[A-Za-z0-9_-]{1,64}"), id);
        assertEquals(id, turns.path(2).path("content").path(0).path("tool_use_id").asText());
        assertFalse(id.equals(ToolIds.fit("call:1/" + "x".repeat(91))));
    }

    @Test
    @DisplayName("F27 each tool choice has its own form, and one call at a time is asked for")
    void toolChoices() {
        var ask = Samples.ask(Samples.user("go"));
        ask.tools = List.of(Samples.function("one"), Samples.function("two"));
        ask.parallel = false;
        ask.choice = new ToolChoice.Required();
        assertEquals(
                Samples.json("{\"type\":\"any\",\"disable_parallel_tool_use\":true}"),
                Samples.body(ask).path("tool_choice"));
        ask.choice = new ToolChoice.Named("two");
        assertEquals("two", Samples.body(ask).path("tool_choice").path("name").asText());
        ask.choice = new ToolChoice.None();
        assertEquals(Samples.json("{\"type\":\"none\"}"), Samples.body(ask).path("tool_choice"));
        ask.choice = null;
        assertEquals("auto", Samples.body(ask).path("tool_choice").path("type").asText());
        ask.parallel = null;
        assertTrue(Samples.body(ask).path("tool_choice").isMissingNode());
    }

    @Test
    @DisplayName("F27 a choice among some functions offers only those")
    void allowedToolsAreFiltered() {
        var ask = Samples.ask(Samples.user("go"));
        ask.tools = List.of(Samples.function("one"), Samples.function("two"));
        ask.choice = new ToolChoice.Allowed(List.of("two"), true);
        JsonNode body = Samples.body(ask);
        assertEquals(1, body.path("tools").size());
        assertEquals("two", body.path("tools").path(0).path("name").asText());
        assertEquals("any", body.path("tool_choice").path("type").asText());
    }

    @Test
    @DisplayName("F27 a forced call is refused by name where the model can't be forced")
    void forcedCallsAreRefusedByName() {
        var ask = Samples.ask(Samples.user("go"));
        ask.tools = List.of(Samples.function("one"));
        ask.choice = new ToolChoice.Named("one");
        var fault = refused(ask, refusing(Refusal.FORCED_TOOLS)).fault();
        assertEquals(FaultKind.UNSUPPORTED, fault.kind());
        assertEquals("/tool_choice", fault.pointer());
    }

    @Test
    @DisplayName("F28 F29 thinking goes back unchanged and in place, also with empty text")
    void thinkingIsReplayed() {
        Seal seal = new Seal("anthropic", "main", "claude-test-1", "sig==");
        var ask =
                Samples.ask(
                        Samples.user("go"),
                        Samples.assistant(
                                new Part.Thinking("", seal, Extras.NONE),
                                new Part.Text("so"),
                                new Part.Thinking("more", seal, Extras.NONE),
                                Samples.call("a", "one", "{\"b\":1,\"a\":2}")),
                        new Message(Role.TOOL, List.of(Samples.result("a", "1"))));
        assertEquals(
                Samples.json(
                        """
                        [{"type":"thinking","thinking":"","signature":"sig=="},
                        {"type":"text","text":"so"},
                        {"type":"thinking","thinking":"more","signature":"sig=="},
                        {"type":"tool_use","id":"a","name":"one","input":{"b":1,"a":2}}]
                        """),
                Samples.body(ask).path("messages").path(1).path("content"));
    }

    @Test
    @DisplayName("F21 F29 a run with one foreign seal goes without all of its thinking")
    void foreignThinkingTakesItsRunAlong() {
        Seal fits = new Seal("anthropic", "main", "claude-test-1", "sig==");
        Seal otherModel = new Seal("anthropic", "main", "claude-test-2", "sig==");
        var ask =
                Samples.ask(
                        Samples.user("go"),
                        Samples.assistant(
                                new Part.Thinking("x", fits, Extras.NONE),
                                Samples.call("a", "one", "{}")),
                        new Message(Role.TOOL, List.of(Samples.result("a", "1"))),
                        Samples.assistant(
                                new Part.Thinking("y", otherModel, Extras.NONE),
                                new Part.Text("so")),
                        Samples.user("again"),
                        Samples.assistant(
                                new Part.Thinking("z", fits, Extras.NONE), new Part.Text("yes")),
                        Samples.user("bye"));
        String body = Samples.body(ask).toString();
        assertFalse(body.contains("\"x\"") || body.contains("\"y\""), body);
        assertTrue(body.contains("\"thinking\":\"z\""), body);
    }

    @Test
    @DisplayName("F30 effort is never lowered: a level that is missing becomes the next higher")
    void effortIsNeverLowered() {
        for (Effort asked : Effort.values()) {
            var ask = Samples.ask(Samples.user("go"));
            ask.effort = asked;
            var call = Samples.call(ask, Samples.CONTEXT);
            assertTrue(call.effortUsed().compareTo(asked) >= 0, asked.wire());
        }
    }

    @Test
    @DisplayName("F30 thinking in Anthropic's own words goes as it is to the model that was named")
    void rawThinkingIsKeptForTheNamedModel() {
        var ask = Samples.ask(Samples.user("go"));
        ask.model = "anthropic/claude-test-1";
        ask.effort = Effort.LOW;
        ask.vendor =
                Map.of(
                        "anthropic",
                        Samples.object(
                                "{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1500}}"));
        assertEquals(1500, Samples.body(ask).path("thinking").path("budget_tokens").asInt());
        ask.model = "class:fast";
        assertEquals("adaptive", Samples.body(ask).path("thinking").path("type").asText());
        assertEquals("low", Samples.body(ask).path("output_config").path("effort").asText());
    }

    @Test
    @DisplayName("F31 empty content, empty results and empty arguments are all legal")
    void emptyThings() {
        var ask =
                Samples.ask(
                        Samples.user(""),
                        Samples.user("go"),
                        Samples.assistant(new Part.Text(""), Samples.call("a", "one", "{}")),
                        new Message(
                                Role.TOOL,
                                List.of(
                                        new Part.ToolResult(
                                                "a", List.of(), false, null, Extras.NONE))));
        assertEquals(
                Samples.json(
                        """
                        [{"role":"user","content":[{"type":"text","text":"go"}]},
                        {"role":"assistant","content":
                        [{"type":"tool_use","id":"a","name":"one","input":{}}]},
                        {"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}]
                        """),
                Samples.body(ask).path("messages"));
        assertEquals(
                FaultKind.INVALID_REQUEST,
                refused(Samples.ask(Samples.user(" ")), Samples.CONTEXT).fault().kind());
    }

    @Test
    @DisplayName("F32 several instructions stay apart, and a late one stays late")
    void systemMessages() {
        var ask =
                Samples.ask(
                        Samples.user("one"),
                        Samples.assistant(Samples.call("a", "f", "{}")),
                        new Message(Role.SYSTEM, List.of(new Part.Text("late"))),
                        new Message(Role.TOOL, List.of(Samples.result("a", "1"))),
                        Samples.assistant(new Part.Text("done")));
        ask.system = List.of(new Part.Text("A"), new Part.Text("B"));
        JsonNode body = Samples.body(ask);
        assertEquals(2, body.path("system").size());
        List<String> roles = new ArrayList<>();
        body.path("messages").forEach(m -> roles.add(m.path("role").asText()));
        assertEquals(List.of("user", "assistant", "user", "system", "assistant"), roles);
        JsonNode wrapped =
                Samples.body(Samples.call(ask, refusing(Refusal.MID_SYSTEM))).path("messages");
        assertEquals(4, wrapped.size());
        assertEquals("tool_result", wrapped.path(2).path("content").path(0).path("type").asText());
        assertTrue(wrapped.path(2).path("content").path(1).path("text").asText().contains("late"));
    }

    @Test
    @DisplayName("F33 a keyword that can't be said is refused with its name")
    void schemaKeywordsAreRefusedByName() {
        for (String keyword : List.of("not", "if", "patternProperties", "prefixItems")) {
            var ask = Samples.ask(Samples.user("go"));
            String schema =
                    "{\"type\":\"object\",\"properties\":{\"a\":{\"%s\":{}}}}".formatted(keyword);
            ask.output =
                    new Output(
                            null,
                            new Output.Format.Schema(Samples.object(schema), null, null, null),
                            List.of());
            assertTrue(refused(ask, Samples.CONTEXT).getMessage().contains("`" + keyword + "`"));
        }
    }

    @Test
    @DisplayName("F33 a list of types becomes a choice, which says the same")
    void typeListsBecomeChoices() {
        var ask = Samples.ask(Samples.user("go"));
        var schema =
                Samples.object(
                        """
                        {"type":"object","properties":{"a":{"type":["string","null"],
                        "enum":["x",null],"description":"d"}},"required":["a"]}
                        """);
        ask.tools = List.of(new Tool.Function("f", null, schema, true, null, Extras.NONE));
        assertEquals(
                Samples.json(
                        """
                        {"description":"d","anyOf":[{"type":"string","enum":["x"]},
                        {"type":"null","enum":[null]}]}
                        """),
                Samples.body(ask)
                        .path("tools")
                        .path(0)
                        .path("input_schema")
                        .path("properties")
                        .path("a"));
    }

    @Test
    @DisplayName("F48 cache marks survive on tools, instructions, text, images and results")
    void cacheMarksSurvive() {
        var result =
                new Part.ToolResult(
                        "a",
                        List.of(new Part.Text("1")),
                        false,
                        CacheMark.FIVE_MINUTES,
                        Extras.NONE);
        var ask =
                Samples.ask(
                        Samples.user("plain string content"),
                        Samples.assistant(Samples.call("a", "one", "{}")),
                        new Message(Role.TOOL, List.of(result)));
        ask.system = List.of(marked("rules", CacheMark.ONE_HOUR));
        ask.tools =
                List.of(
                        new Tool.Function(
                                "one", null, null, null, CacheMark.ONE_HOUR, Extras.NONE));
        JsonNode body = Samples.body(ask);
        JsonNode hour = Samples.json("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}");
        assertEquals(hour, body.path("tools").path(0).path("cache_control"));
        assertEquals(hour, body.path("system").path(0).path("cache_control"));
        assertEquals(
                Samples.json("{\"type\":\"ephemeral\"}"),
                body.path("messages").path(2).path("content").path(0).path("cache_control"));
    }

    private static Part.Text marked(String text, CacheMark mark) {
        return new Part.Text(text, List.of(), null, mark, Extras.NONE);
    }

    @Test
    @DisplayName("F48 at most four marks go out, long-lived before short-lived")
    void cacheMarksAreLimited() {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            CacheMark mark = i == 3 ? CacheMark.FIVE_MINUTES : CacheMark.ONE_HOUR;
            messages.add(new Message(Role.USER, List.of(marked("m" + i, mark))));
        }
        List<String> lives = new ArrayList<>();
        Samples.body(new Samples.Ask(messages))
                .findValues("cache_control")
                .forEach(c -> lives.add(c.path("ttl").asText("5m")));
        assertEquals(4, lives.size());
        assertEquals(List.of("1h", "1h", "1h", "1h"), lives);
        messages.set(5, new Message(Role.USER, List.of(marked("m5", CacheMark.FIVE_MINUTES))));
        lives.clear();
        Samples.body(new Samples.Ask(messages))
                .findValues("cache_control")
                .forEach(c -> lives.add(c.path("ttl").asText("5m")));
        assertEquals(List.of("1h", "1h", "5m", "5m"), lives);
    }

    @Test
    void aLongPromptIsCachedByItselfUnlessTheCallerSaysNo() {
        var ask = Samples.ask(Samples.user("x".repeat(20_000)));
        assertTrue(Samples.body(ask).has("cache_control"));
        ask.cacheOff = true;
        assertFalse(Samples.body(ask).has("cache_control"));
        assertFalse(Samples.body(Samples.ask(Samples.user("short"))).has("cache_control"));
    }

    @Test
    @DisplayName("F21 nothing of another vendor reaches Anthropic, and what was asked is refused")
    void foreignFieldsAreRefusedByName() {
        var ask = Samples.ask(Samples.user("go"));
        ask.extras = Extras.of("openai", Samples.object("{\"logit_bias\":{}}"));
        assertEquals("/logit_bias", refused(ask, Samples.CONTEXT).fault().pointer());
        var lossy = new EncodeContext(Samples.MODEL, "anthropic", "main", true);
        assertEquals(List.of("/logit_bias"), Samples.call(ask, lossy).dropped());
        ask.extras = Extras.NONE;
        ask.vendor = Map.of("openai", Samples.object("{\"store\":true}"));
        assertFalse(Samples.body(ask).has("store"));
    }

    @Test
    void theOlderVersionIsNamedOnlyWhereItAloneCarriesWhatIsAsked() {
        var ask = Samples.ask(Samples.user("go"));
        var call = Samples.call(ask, Samples.CONTEXT);
        assertEquals("2026-10-21", call.headers().get("anthropic-version"));
        ask.sampling = new dev.pillion.protocol.chat.Sampling(new BigDecimal("0.5"), null, null);
        call = Samples.call(ask, Samples.CONTEXT);
        assertEquals("2023-06-01", call.headers().get("anthropic-version"));
        ask = Samples.ask(Samples.user("go"));
        ask.extras = Extras.of("anthropic", Samples.object("{\"top_k\":5}"));
        call = Samples.call(ask, Samples.CONTEXT);
        assertEquals("2023-06-01", call.headers().get("anthropic-version"));
        var refused = ask;
        assertEquals("/top_k", refused(refused, refusing(Refusal.SAMPLING)).fault().pointer());
    }

    @Test
    @DisplayName("F44 web search stands beside function tools")
    void webSearchBesideFunctions() {
        var ask = Samples.ask(Samples.user("go"));
        ask.tools = List.of(Samples.function("one"));
        ask.search =
                new WebSearch(
                        WebSearch.Via.AUTO,
                        2,
                        List.of(),
                        List.of("x.example"),
                        null,
                        null,
                        Extras.NONE);
        assertEquals(2, Samples.body(ask).path("tools").size());
    }

    @Test
    void rendersTheSameBytesEveryTimeAndKeepsItsPrefixAsTheConversationGrows() {
        List<Message> messages = new ArrayList<>();
        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            messages.add(Samples.user("question " + i));
            var ask = new Samples.Ask(List.copyOf(messages));
            JsonNode turns = Samples.body(ask).path("messages");
            assertEquals(turns, Samples.body(ask).path("messages"));
            firsts.add(turns.path(0).toString());
            messages.add(Samples.assistant(new Part.Text("answer " + i)));
        }
        assertEquals(1, firsts.size());
    }

    @Test
    void theAnswerIsBoundByTheModelsOwnLimit() {
        var ask = Samples.ask(Samples.user("go"));
        assertEquals(64_000, Samples.body(ask).path("max_tokens").asInt());
        ask.output = new Output(1_000_000, new Output.Format.Text(), List.of());
        assertEquals(64_000, Samples.body(ask).path("max_tokens").asInt());
        ask.output = new Output(0, new Output.Format.Text(), List.of());
        assertEquals(0, Samples.body(ask).path("max_tokens").asInt());
    }

    @Test
    void aRawFieldMayNotReplaceTheModel() {
        var ask = Samples.ask(Samples.user("go"));
        ask.vendor = Map.of("anthropic", Samples.object("{\"model\":\"claude-other\"}"));
        assertEquals("/vendor/anthropic/model", refused(ask, Samples.CONTEXT).fault().pointer());
    }
}
