package dev.pillion.adapters.xai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.anthropic.AnthropicDialect;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.openai.OpenAiChatDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** xAI's Responses: where it differs from OpenAI's. */
final class XaiResponsesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/xai");
    private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String CLOCK =
            "\"tools\":[{\"name\":\"clock\",\"parameters\":{\"type\":\"object\","
                    + "\"properties\":{}}}]";

    private static JsonNode sent(String request) {
        return Xai.body(Xai.PROVIDER.encode(Xai.uniform(request), Xai.anyModel("m")));
    }

    private static String refusal(ChatRequest request) {
        return assertThrows(
                        FaultException.class, () -> Xai.PROVIDER.encode(request, Xai.anyModel("m")))
                .fault()
                .message();
    }

    private static ReplyFold answer(String body) {
        var decoder =
                Xai.PROVIDER.decoder(Xai.uniform("{" + HI + "}"), Xai.anyModel("m"), Headers.NONE);
        return Xai.fold(Xai.decode(decoder, body.getBytes(StandardCharsets.UTF_8), new Random(3)));
    }

    private static String golden(String file) {
        try {
            return Files.readString(GOLDEN.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String response(String status, String output) {
        return "{\"id\":\"r\",\"object\":\"response\",\"model\":\"m\",\"status\":\""
                + status
                + "\",\"output\":["
                + output
                + "]}";
    }

    @Test
    @DisplayName("F20 F21: nothing of another vendor is in the request")
    void nothingOfAnotherVendorIsInTheRequest() {
        String anthropic = Seals.write(new Seal("anthropic", "main", "c", "CANARY-signature"));
        String openai = Seals.write(new Seal("openai", "main", "g", "{\"id\":\"CANARY-item\"}"));
        String gemini = Seals.write(new Seal("gemini", "main", "g", "CANARY-thought"));
        ChatRequest request =
                Xai.uniform(
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
                                + "\"text\":\"hi\",\"cache\":\"5m\"}]},{\"role\":\"assistant\","
                                + "\"content\":[{\"type\":\"thinking\",\"text\":\"CANARY-hm\","
                                + "\"seal\":\""
                                + anthropic
                                + "\"},{\"type\":\"thinking\",\"text\":\"\",\"seal\":\""
                                + openai
                                + "\"},{\"type\":\"text\",\"text\":\"so\",\"seal\":\""
                                + gemini
                                + "\"},{\"type\":\"tool_call\",\"id\":\"c1\",\"name\":\"clock\","
                                + "\"arguments\":{},\"seal\":\""
                                + openai
                                + "\"}]},{\"role\":\"tool\",\"content\":[{\"type\":"
                                + "\"tool_result\",\"tool_call_id\":\"c1\",\"content\":\"9\"}]}],"
                                + CLOCK
                                + ",\"vendor\":{\"openai\":{\"store\":true,\"CANARY\":1},"
                                + "\"anthropic\":{\"CANARY\":1}}}");
        String body = Xai.body(Xai.PROVIDER.encode(request, Xai.anyModel("m"))).toString();
        assertFalse(body.contains("CANARY"), body);
        assertFalse(body.contains("cache_control"), body);
        assertTrue(body.contains("\"text\":\"so\"") || body.contains("\"so\""), body);
    }

    @Test
    @DisplayName("F25 F28 F29: what the vendor answered goes back unchanged and in place")
    void whatTheVendorAnsweredGoesBackUnchangedAndInPlace() {
        String vendor = golden("reply/tools/vendor.json");
        ReplyFold fold = answer(vendor);
        List<Message> messages =
                List.of(
                        new Message(Role.USER, List.of(new Part.Text("go"))),
                        new Message(Role.ASSISTANT, fold.content()));
        ChatRequest next = Xai.withMessages(Xai.uniform("{" + HI + "}"), messages);
        JsonNode input = Xai.body(Xai.PROVIDER.encode(next, Xai.anyModel("m"))).path("input");
        JsonNode output = Corpus.json(vendor).path("output");
        assertEquals(1 + output.size(), input.size());
        for (int i = 0; i < output.size(); i++) {
            ObjectNode given = output.get(i).deepCopy();
            ObjectNode back = input.get(i + 1).deepCopy();
            if (given.path("type").asText().equals("reasoning")) {
                given.remove("status");
            }
            assertEquals(given, back);
        }
    }

    @Test
    @DisplayName("F28: thinking of another account or model stays behind, the call has an id made")
    void thinkingOfAnotherAccountOrModelStaysBehind() {
        JsonNode input =
                Corpus.json(golden("request/thinking-other-account/vendor.json"))
                        .path("body")
                        .path("input");
        assertEquals(3, input.size());
        for (String field : List.of("id", "call_id", "name", "arguments", "status")) {
            assertTrue(input.get(1).hasNonNull(field), field);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "auto, '\"auto\"'",
        "none, '\"none\"'",
        "required, '\"required\"'",
        "{name}, '{\"type\":\"function\",\"name\":\"clock\"}'"
    })
    @DisplayName("F27: each tool choice has the vendor's own form")
    void eachToolChoiceHasTheVendorsOwnForm(String choice, String form) {
        String asked = choice.equals("{name}") ? "{\"name\":\"clock\"}" : '"' + choice + '"';
        JsonNode body =
                sent(
                        "{"
                                + HI
                                + ","
                                + CLOCK
                                + ",\"parallel_tools\":false,\"tool_choice\":"
                                + asked
                                + "}");
        assertEquals(Corpus.json(form), body.path("tool_choice"));
        assertFalse(body.path("parallel_tool_calls").booleanValue());
        assertTrue(body.has("parallel_tool_calls"));
    }

    @ParameterizedTest
    @CsvSource({
        "off, 'OFF,LOW,MEDIUM,HIGH', none",
        "minimal, 'OFF,LOW,MEDIUM,HIGH', low",
        "medium, 'LOW,MEDIUM,HIGH', medium",
        "xhigh, 'LOW,MEDIUM,HIGH', high",
        "max, 'LOW,MEDIUM,HIGH,XHIGH', xhigh",
        "off, 'LOW,MEDIUM,HIGH', low"
    })
    @DisplayName("F30: an effort is the model's own, the next higher, or its highest, and told")
    void anEffortIsTheModelsOwnTheNextHigherOrItsHighest(String asked, String has, String used) {
        List<Effort> efforts = List.of(has.split(",", -1)).stream().map(Effort::valueOf).toList();
        var traits =
                new ModelTraits(
                        "m",
                        EnumSet.allOf(Capability.class),
                        Set.of(),
                        0,
                        0,
                        efforts,
                        ModelTraits.Thinking.ALWAYS);
        UpstreamCall call =
                Xai.PROVIDER.encode(
                        Xai.uniform("{" + HI + ",\"thinking\":{\"effort\":\"" + asked + "\"}}"),
                        new EncodeContext(traits, "xai", "main", false));
        assertEquals(used, Xai.body(call).path("reasoning").path("effort").asText());
        String told = call.effortUsed().wire();
        assertEquals(used, told.equals("off") ? "none" : told);
    }

    @Test
    @DisplayName("F30: an effort is refused by name where the model has no levels")
    void anEffortIsRefusedByNameWhereTheModelHasNoLevels() {
        var traits =
                new ModelTraits(
                        "agents",
                        EnumSet.allOf(Capability.class),
                        Set.of(),
                        0,
                        0,
                        List.of(),
                        ModelTraits.Thinking.ALWAYS);
        ChatRequest request = Xai.uniform("{" + HI + ",\"thinking\":{\"effort\":\"high\"}}");
        var fault =
                assertThrows(
                        FaultException.class,
                        () ->
                                Xai.PROVIDER.encode(
                                        request, new EncodeContext(traits, "xai", "main", false)));
        assertEquals("/thinking/effort", fault.fault().pointer());
    }

    @Test
    @DisplayName("F33: a schema with any keyword goes as it is, and the answer is held to it")
    void aSchemaWithAnyKeywordGoesAsItIsAndTheAnswerIsHeldToIt() {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\","
                        + "\"pattern\":\"^x\"}},\"allOf\":[{\"required\":[\"a\"]}]}";
        ChatRequest request = Xai.uniform("{" + HI + ",\"output\":{\"schema\":" + schema + "}}");
        JsonNode format =
                Xai.body(Xai.PROVIDER.encode(request, Xai.anyModel("m")))
                        .path("text")
                        .path("format");
        assertEquals(Corpus.json(schema), format.path("schema"));
        assertTrue(format.path("strict").booleanValue());
        for (String broken : List.of("{}", "{\\\"a\\\":\\\"y\\\"}")) {
            String body =
                    response(
                            "completed",
                            "{\"type\":\"message\",\"id\":\"m\",\"role\":\"assistant\","
                                    + "\"status\":\"completed\",\"content\":[{\"type\":"
                                    + "\"output_text\",\"text\":\""
                                    + broken
                                    + "\",\"annotations\":[]}]}");
            var decoder = Xai.PROVIDER.decoder(request, Xai.anyModel("m"), Headers.NONE);
            ReplyFold fold =
                    Xai.fold(Xai.decode(decoder, body.getBytes(StandardCharsets.UTF_8), null));
            assertNotNull(fold.fault(), broken);
            assertEquals(FaultKind.UPSTREAM_PROTOCOL, fold.fault().kind());
        }
    }

    @ParameterizedTest
    @CsvSource({"plain", "thinking", "tools", "search"})
    @DisplayName("F34 F36 F43: an answer streamed is the answer unstreamed, citations included")
    void anAnswerStreamedIsTheAnswerUnstreamed(String name) {
        ReplyFold whole = answer(golden("reply/" + name + "/vendor.json"));
        ReplyFold streamed = answer(golden("stream/" + name + "/vendor.sse"));
        if (!name.equals("plain") && !name.equals("thinking")) {
            assertEquals(whole.content(), streamed.content());
        }
        assertEquals(whole.sources(), streamed.sources());
        assertEquals(whole.usage(), streamed.usage());
        assertEquals(whole.stop(), streamed.stop());
    }

    @Test
    @DisplayName("F45 F46: spans are code points, a number is no title, visited pages are sources")
    void spansAreCodePointsANumberIsNoTitleAndVisitedPagesAreSources() {
        ReplyFold fold = answer(golden("reply/search/vendor.json"));
        var text = assertInstanceOf(Part.Text.class, fold.content().getLast());
        assertEquals(1, text.citations().size());
        var citation = text.citations().getFirst();
        int from = text.text().offsetByCodePoints(0, citation.start());
        int to = text.text().offsetByCodePoints(0, citation.end());
        assertEquals("[[1]](https://example.org/oslo)", text.text().substring(from, to));
        assertNull(citation.title());
        List<String> sources =
                fold.sources().stream().map(s -> s.url() + " " + s.title()).sorted().toList();
        assertEquals(
                List.of(
                        "https://example.org/noindex null",
                        "https://example.org/oslo null",
                        "https://example.org/other null",
                        "https://example.org/titled A titled page",
                        "https://example.org/visited null"),
                sources);
    }

    @Test
    @DisplayName("F44: web search and function tools go together")
    void webSearchAndFunctionToolsGoTogether() {
        JsonNode tools = sent("{" + HI + "," + CLOCK + ",\"websearch\":{}}").path("tools");
        assertEquals("function", tools.path(0).path("type").asText());
        assertEquals("web_search", tools.path(1).path("type").asText());
    }

    @Test
    @DisplayName("F25 F44: xAI's own calls are never the caller's, whatever their names")
    void xaisOwnCallsAreNeverTheCallersWhateverTheirNames() {
        for (String name : Names.SERVER_TOOLS) {
            String item =
                    "{\"type\":\"custom_tool_call\",\"id\":\"ctc\",\"call_id\":\"x\",\"name\":\""
                            + name
                            + "\",\"input\":\"{}\",\"status\":\"completed\"}";
            ReplyFold fold = answer(response("completed", item));
            assertInstanceOf(Part.VendorItem.class, fold.content().getFirst(), name);
            assertEquals(StopReason.END, fold.stop().reason(), name);
        }
    }

    @Test
    @DisplayName("F48: a growing conversation keeps its beginning and its cache key")
    void aGrowingConversationKeepsItsBeginningAndItsCacheKey() {
        String first = "{\"role\":\"user\",\"content\":\"one\"}";
        String more =
                ",{\"role\":\"assistant\",\"content\":\"two\"},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"three\"}]}";
        JsonNode before = sent("{\"messages\":[" + first + "]}");
        JsonNode after = sent("{\"messages\":[" + first + more + "]}");
        assertEquals(before.path("prompt_cache_key"), after.path("prompt_cache_key"));
        assertTrue(before.path("prompt_cache_key").isTextual());
        String beginning = before.path("input").toString();
        assertTrue(
                after.path("input")
                        .toString()
                        .startsWith(beginning.substring(0, beginning.length() - 1)));
        assertFalse(
                sent("{\"messages\":[" + first + "],\"cache\":\"off\"}").has("prompt_cache_key"));
    }

    @ParameterizedTest
    @CsvSource({
        "max_output_tokens, MAX_TOKENS",
        "content_filter, REFUSAL",
        "turn_limit, MAX_TOKENS",
        "tool_use_limit, MAX_TOKENS",
        "something_new, MAX_TOKENS"
    })
    @DisplayName("F11: an incomplete answer is never a clean end")
    void anIncompleteAnswerIsNeverACleanEnd(String reason, StopReason stop) {
        String body =
                "{\"id\":\"r\",\"model\":\"m\",\"status\":\"incomplete\",\"output\":[],"
                        + "\"incomplete_details\":{\"reason\":\""
                        + reason
                        + "\"}}";
        assertEquals(stop, answer(body).stop().reason());
    }

    @Test
    @DisplayName("F13: an error as the first event of a 200 fails before any content")
    void anErrorAsTheFirstEventOfA200FailsBeforeAnyContent() {
        var decoder =
                Xai.PROVIDER.decoder(
                        Xai.uniform("{" + HI + ",\"stream\":true}"),
                        Xai.anyModel("m"),
                        Headers.NONE);
        byte[] bytes = golden("stream/error-first/vendor.sse").getBytes(StandardCharsets.UTF_8);
        List<ChatEvent> events = Xai.decode(decoder, bytes, null);
        assertFalse(events.stream().anyMatch(ChatEvent::isContent));
        assertInstanceOf(ChatEvent.Failed.class, events.getLast());
    }

    @Test
    @DisplayName("F39: calls of xAI's own tools are counted by tool, searches apart")
    void callsOfOwnToolsAreCountedByToolSearchesApart() {
        ReplyFold called = answer(golden("reply/server-tools/vendor.json"));
        assertEquals(Map.of("code_interpreter", 1L), called.usage().apart().calls());
        ReplyFold searched = answer(golden("reply/search/vendor.json"));
        assertEquals(Map.of(), searched.usage().apart().calls());
        assertEquals(2, searched.usage().webSearches());
    }

    @Test
    void openAisToolsThatXaiHasTooGoAlongAndOthersAreRefusedByName() {
        String same =
                "{\"provider\":\"openai\",\"definition\":{\"type\":\"code_interpreter\","
                        + "\"container\":{\"type\":\"auto\"}}},{\"provider\":\"openai\","
                        + "\"definition\":{\"type\":\"mcp\",\"server_label\":\"ex\","
                        + "\"server_url\":\"https://a.b\",\"require_approval\":\"never\"}}";
        JsonNode tools = sent("{" + HI + ",\"tools\":[" + same + "]}").path("tools");
        assertEquals("{\"type\":\"code_interpreter\"}", tools.path(0).toString());
        assertFalse(tools.path(1).has("require_approval"));
        assertEquals("https://a.b", tools.path(1).path("server_url").asText());
        for (String other :
                List.of(
                        "{\"type\":\"file_search\",\"vector_store_ids\":[\"vs\"]}",
                        "{\"type\":\"mcp\",\"server_label\":\"x\",\"server_url\":\"https://a.b\"}",
                        "{\"type\":\"code_interpreter\",\"container\":\"cntr_1\"}")) {
            String tool = "{\"provider\":\"openai\",\"definition\":" + other + "}";
            String said = refusal(Xai.uniform("{" + HI + ",\"tools\":[" + tool + "]}"));
            assertTrue(said.startsWith("/tools/0: a tool of openai only"), said);
        }
    }

    @Test
    @DisplayName("F18: what only Chat Completions can say goes there, where the model takes it")
    void whatOnlyChatCompletionsCanSayGoesThereWhereTheModelTakesIt() {
        byte[] penalised =
                ("{\"model\":\"m\"," + HI + ",\"presence_penalty\":1}")
                        .getBytes(StandardCharsets.UTF_8);
        ChatRequest request =
                new OpenAiChatDialect()
                        .decode(new Surface("/v1/chat/completions", Headers.NONE, penalised));
        assertEquals("/chat/completions", Xai.PROVIDER.encode(request, Xai.anyModel("m")).path());
        var thinking = Xai.context("m", Set.of(Refusal.PENALTIES, Refusal.STOP), false);
        var fault =
                assertThrows(FaultException.class, () -> Xai.PROVIDER.encode(request, thinking));
        assertEquals("/presence_penalty", fault.fault().pointer());
        UpstreamCall lossy =
                Xai.PROVIDER.encode(request, Xai.context("m", Set.of(Refusal.PENALTIES), true));
        assertEquals("/responses", lossy.path());
        assertEquals(List.of("/presence_penalty"), lossy.dropped());
        var old = Xai.context("m", Set.of(Refusal.RESPONSES), false);
        String own = "\"tools\":[{\"provider\":\"xai\",\"definition\":{\"type\":\"x_search\"}}]";
        assertEquals(
                FaultKind.UNSUPPORTED,
                assertThrows(
                                FaultException.class,
                                () ->
                                        Xai.PROVIDER.encode(
                                                Xai.uniform("{" + HI + "," + own + "}"), old))
                        .fault()
                        .kind());
        assertEquals(
                "/chat/completions", Xai.PROVIDER.encode(Xai.uniform("{" + HI + "}"), old).path());
    }

    @Test
    void aRawFieldOfAnthropicsThatMeansTheSameGoesAlongAndOthersAreRefusedByName() {
        String asked = "{\"model\":\"m\",\"max_tokens\":9," + HI + ",\"top_k\":5";
        JsonNode body =
                Xai.body(Xai.PROVIDER.encode(fromAnthropic(asked + "}"), Xai.anyModel("m")));
        assertEquals(5, body.path("top_k").asInt());
        assertEquals(9, body.path("max_output_tokens").asInt());
        ChatRequest container = fromAnthropic(asked + ",\"container\":\"c\"}");
        assertTrue(refusal(container).startsWith("/container"), refusal(container));
    }

    private static ChatRequest fromAnthropic(String body) {
        return new AnthropicDialect()
                .decode(
                        new Surface(
                                "/v1/messages",
                                Headers.NONE,
                                body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aRequestIsNeverStoredAtTheVendor() {
        JsonNode body = sent("{" + HI + "}");
        assertTrue(body.has("store"));
        assertFalse(body.path("store").booleanValue());
    }
}
