package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to Gemini, case by case of what other gateways got wrong. */
final class GeminiRequestTest {
    private static final String WEATHER =
            "{'name':'weather','parameters':{'type':'object','properties':{'city':{'type':'string'}}}}";

    private static String seal(String account, String model, String data) {
        return Seals.write(new Seal("gemini", account, model, data));
    }

    private static JsonNode contents(String request, ModelTraits model) {
        return GeminiSamples.body(request, model).path("contents");
    }

    private static JsonNode part(String request, int content, int part) {
        return contents(request, GeminiSamples.NEW).path(content).path("parts").path(part);
    }

    private static FaultException refused(String request, ModelTraits model) {
        return assertThrows(
                FaultException.class,
                () -> GeminiSamples.call(GeminiSamples.request(request), model));
    }

    @Test
    @DisplayName("F26: results of parallel calls are in one content, in the order of the calls")
    void resultsOfParallelCallsAreInOneContentInTheOrderOfTheCalls() {
        JsonNode contents =
                contents(
                        "{'messages':[{'role':'user','content':'go'},{'role':'assistant','content':["
                            + "{'type':'tool_call','id':'a','name':'f','arguments':{}},"
                            + "{'type':'tool_call','id':'b','name':'g','arguments':{}}]},"
                            + "{'role':'tool','content':[{'type':'tool_result','tool_call_id':'b','content':'2'}]},"
                            + "{'role':'user','content':'and?'},"
                            + "{'role':'tool','content':[{'type':'tool_result','tool_call_id':'a','content':'1'}]}]}",
                        GeminiSamples.NEW);
        assertEquals(3, contents.size());
        JsonNode parts = contents.path(2).path("parts");
        assertEquals("f", parts.path(0).path("functionResponse").path("name").asText());
        assertEquals("g", parts.path(1).path("functionResponse").path("name").asText());
        assertEquals("and?", parts.path(2).path("text").asText());
    }

    @ParameterizedTest(name = "F27: {0} becomes {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'auto' | {\"mode\":\"AUTO\"}",
                "'none' | {\"mode\":\"NONE\"}",
                "'required' | {\"mode\":\"ANY\"}",
                "{'name':'weather'} | {\"mode\":\"ANY\",\"allowedFunctionNames\":[\"weather\"]}"
            })
    void eachToolChoiceHasItsMode(String choice, String mode) {
        String json = choice.startsWith("{") ? choice : "'" + choice + "'";
        JsonNode body =
                GeminiSamples.body(
                        "{'messages':[{'role':'user','content':'hi'}],'tools':["
                                + WEATHER
                                + "],'tool_choice':"
                                + json
                                + "}",
                        GeminiSamples.NEW);
        assertEquals(
                GeminiSamples.json(mode), body.path("toolConfig").path("functionCallingConfig"));
    }

    @Test
    @DisplayName("F27: a wish for single calls is refused by name, for Gemini has no switch")
    void aWishForSingleCallsIsRefusedByName() {
        FaultException e =
                refused(
                        "{'messages':[{'role':'user','content':'hi'}],'tools':["
                                + WEATHER
                                + "],'parallel_tools':false}",
                        GeminiSamples.NEW);
        assertEquals(FaultKind.UNSUPPORTED, e.fault().kind());
        assertEquals("/parallel_tools", e.fault().pointer());
    }

    @Test
    @DisplayName("F28 F29: signatures go back where they were, also on empty text")
    void signaturesGoBackWhereTheyWere() {
        String own = seal("main", "gemini-test-4", "c2ln");
        JsonNode parts =
                contents(
                                "{'messages':[{'role':'user','content':'go'},{'role':'assistant','content':["
                                    + "{'type':'thinking','text':'hm','seal':'"
                                        + own
                                        + "'},{'type':'text','text':'so'},"
                                        + "{'type':'text','text':'','seal':'"
                                        + own
                                        + "'}]},{'role':'user','content':'on'}]}",
                                GeminiSamples.NEW)
                        .path(1)
                        .path("parts");
        assertEquals(
                GeminiSamples.object("{'text':'hm','thought':true,'thoughtSignature':'c2ln'}"),
                parts.path(0));
        assertEquals(GeminiSamples.object("{'text':'so'}"), parts.path(1));
        assertEquals(GeminiSamples.object("{'text':'','thoughtSignature':'c2ln'}"), parts.path(2));
    }

    @Test
    @DisplayName(
            "F28: a call's id is sent as it is, with no signature in it, and a made one is not")
    void idsCarryNoSignaturesAndMadeOnesStayHere() {
        String request =
                "{'messages':[{'role':'user','content':'go'},{'role':'assistant','content':["
                    + "{'type':'tool_call','id':'ID','name':'f','arguments':{}}]},"
                    + "{'role':'tool','content':[{'type':'tool_result','tool_call_id':'ID','content':'1'}]}]}";
        String made = GeminiCallIds.prefix("answer") + 0;
        assertTrue(GeminiCallIds.isMade(made));
        JsonNode kept = part(request.replace("ID", "fc_7"), 1, 0);
        assertEquals("fc_7", kept.path("functionCall").path("id").asText());
        assertFalse(part(request.replace("ID", made), 1, 0).path("functionCall").has("id"));
        assertFalse(part(request.replace("ID", made), 2, 0).path("functionResponse").has("id"));
    }

    @ParameterizedTest
    @DisplayName("F21: no other vendor's state, and none of another account or model, is sent")
    @ValueSource(strings = {"anthropic", "openai", "account", "model"})
    void nothingForeignIsSent(String whose) {
        Seal seal =
                switch (whose) {
                    case "account" -> new Seal("gemini", "other", "gemini-test-4", "SECRETSTATE");
                    case "model" -> new Seal("gemini", "main", "gemini-test-2", "SECRETSTATE");
                    default -> new Seal(whose, null, null, "SECRETSTATE");
                };
        String text = Seals.write(seal);
        JsonNode body =
                GeminiSamples.body(
                        "{'messages':[{'role':'user','content':'go'},{'role':'assistant','content':["
                            + "{'type':'thinking','text':'SECRETTHOUGHT','seal':'"
                                + text
                                + "'},{'type':'text','text':'so','seal':'"
                                + text
                                + "'},{'type':'vendor_item','provider':'openai','item':{'x':'SECRETITEM'}},"
                                + "{'type':'tool_call','id':'a','name':'f','arguments':{},'seal':'"
                                + text
                                + "'}]},{'role':'tool','content':[{'type':'tool_result','tool_call_id':'a','content':'1'}]}]}",
                        GeminiSamples.NEW);
        assertFalse(body.toString().contains("SECRET"), body.toString());
        assertEquals(
                GeminiApi.NO_SIGNATURE,
                body.at("/contents/1/parts/1/thoughtSignature").asText(),
                "a call without its signature says so");
    }

    @Test
    @DisplayName("F21: only the first of parallel calls says that it has no signature")
    void onlyTheFirstOfParallelCallsSaysThatItHasNoSignature() {
        String request =
                "{'messages':[{'role':'user','content':'go'},{'role':'assistant','content':["
                    + "{'type':'tool_call','id':'a','name':'f','arguments':{}},"
                    + "{'type':'tool_call','id':'b','name':'f','arguments':{}}]},"
                    + "{'role':'tool','content':[{'type':'tool_result','tool_call_id':'a','content':'1'},"
                    + "{'type':'tool_result','tool_call_id':'b','content':'2'}]}]}";
        assertEquals(GeminiApi.NO_SIGNATURE, part(request, 1, 0).path("thoughtSignature").asText());
        assertFalse(part(request, 1, 1).has("thoughtSignature"));
        assertFalse(
                contents(request, GeminiSamples.OLD).toString().contains(GeminiApi.NO_SIGNATURE));
    }

    @Test
    @DisplayName("F48: a conversation that grows keeps its head byte for byte")
    void aConversationThatGrowsKeepsItsHead() {
        String head =
                "{'role':'user','content':'go'},{'role':'assistant','content':["
                    + "{'type':'tool_call','id':'a','name':'f','arguments':{'x':1.50}}]},"
                    + "{'role':'tool','content':[{'type':'tool_result','tool_call_id':'a','content':'1'}]},"
                    + "{'role':'assistant','content':'done'}";
        String more = ",{'role':'user','content':'again'},{'role':'assistant','content':'yes'}";
        String tail = ",{'role':'user','content':'and?'}";
        String before = contents("{'messages':[" + head + "]}", GeminiSamples.NEW).toString();
        String after =
                contents("{'messages':[" + head + more + tail + "]}", GeminiSamples.NEW).toString();
        assertTrue(after.startsWith(before.substring(0, before.length() - 1)), after);
    }

    @Test
    @DisplayName("F48: cache marks leave no trace, since Gemini caches by itself")
    void cacheMarksLeaveNoTrace() {
        String request =
                "{'messages':[{'role':'user','content':[{'type':'text','text':'a'MARK},{'type':'text','text':'b'}]}]}";
        assertEquals(
                GeminiSamples.body(request.replace("MARK", ""), GeminiSamples.NEW),
                GeminiSamples.body(request.replace("MARK", ",'cache':'1h'"), GeminiSamples.NEW));
    }

    @ParameterizedTest(name = "F30: {0} is {1} by level and {2} by budget")
    @CsvSource({
        "off,LOW,0",
        "minimal,LOW,1024",
        "low,LOW,1024",
        "medium,MEDIUM,8192",
        "high,HIGH,24576",
        "xhigh,HIGH,24576",
        "max,HIGH,24576"
    })
    void effortGoesByTheTable(String effort, String level, int budget) {
        String request =
                "{'messages':[{'role':'user','content':'hi'}],'thinking':{'effort':'"
                        + effort
                        + "'}}";
        UpstreamCall byLevel =
                GeminiSamples.call(GeminiSamples.request(request), GeminiSamples.NEW);
        JsonNode thinking =
                GeminiSamples.body(byLevel).path("generationConfig").path("thinkingConfig");
        assertEquals(level, thinking.path("thinkingLevel").asText());
        assertFalse(thinking.has("thinkingBudget"));
        assertEquals(Effort.valueOf(level), byLevel.effortUsed());
        JsonNode old =
                GeminiSamples.body(request, GeminiSamples.OLD)
                        .path("generationConfig")
                        .path("thinkingConfig");
        assertEquals(budget, old.path("thinkingBudget").asInt());
        assertFalse(old.has("thinkingLevel"));
    }

    @Test
    @DisplayName("F31: empty results, contents and arguments are said in the vendor's way")
    void emptinessIsSaidInTheVendorsWay() {
        String request =
                "{'messages':[{'role':'user','content':''},{'role':'assistant','content':["
                    + "{'type':'tool_call','id':'a','name':'f','arguments':''}]},"
                    + "{'role':'tool','content':[{'type':'tool_result','tool_call_id':'a','content':[],'error':true}]}]}";
        assertEquals(GeminiSamples.object("{'text':''}"), part(request, 0, 0));
        assertEquals("{}", part(request, 1, 0).path("functionCall").path("args").toString());
        assertEquals(
                GeminiSamples.object("{'error':''}"),
                part(request, 2, 0).path("functionResponse").path("response"));
    }

    @Test
    @DisplayName("F32: system messages at the head are instructions, later ones stay in place")
    void systemMessagesStayWhereTheyAre() {
        JsonNode body =
                GeminiSamples.body(
                        "{'system':'A','messages':[{'role':'system','content':'B'},"
                            + "{'role':'user','content':'one'},{'role':'user','content':'two'},"
                            + "{'role':'assistant','content':'three'},{'role':'assistant','content':'four'},"
                            + "{'role':'system','content':'C'},{'role':'user','content':'five'}]}",
                        GeminiSamples.NEW);
        assertEquals(
                GeminiSamples.json("[{\"text\":\"A\"},{\"text\":\"B\"}]"),
                body.at("/systemInstruction/parts"));
        JsonNode contents = body.path("contents");
        assertEquals(3, contents.size());
        assertEquals(2, contents.path(0).path("parts").size());
        assertEquals("model", contents.path(1).path("role").asText());
        assertTrue(contents.at("/2/parts/0/text").asText().contains("C"));
        assertEquals("five", contents.at("/2/parts/1/text").asText());
    }

    @Test
    @DisplayName("F33: a keyword that can be neither said nor checked is refused by its name")
    void aKeywordThatCannotBeSaidIsRefusedByItsName() {
        FaultException e =
                refused(
                        "{'messages':[{'role':'user','content':'hi'}],'output':{'schema':"
                            + "{'type':'object','if':{'required':['a']},'then':{'required':['b']}}}}",
                        GeminiSamples.NEW);
        assertEquals(FaultKind.UNSUPPORTED, e.fault().kind());
        assertEquals("/output/schema/if", e.fault().pointer());
    }

    @Test
    @DisplayName("F44: search beside functions is both, or refused by name")
    void searchBesideFunctionsIsBothOrRefusedByName() {
        String request =
                "{'messages':[{'role':'user','content':'hi'}],'websearch':{},'tools':["
                        + WEATHER
                        + "]}";
        JsonNode body = GeminiSamples.body(request, GeminiSamples.NEW);
        assertTrue(body.at("/tools/0").has("functionDeclarations"));
        assertTrue(body.at("/tools/1").has("googleSearch"));
        assertTrue(body.at("/toolConfig/includeServerSideToolInvocations").asBoolean());
        assertEquals("VALIDATED", body.at("/toolConfig/functionCallingConfig/mode").asText());
        assertEquals("/websearch", refused(request, GeminiSamples.OLD).fault().pointer());
    }

    @ParameterizedTest
    @DisplayName("F54: a model's name can't lead out of its path")
    @ValueSource(
            strings = {"../../files", "a/b", "a?key=x", "a#b", "a%2f..", "a\r\nx: y", "a:b", "ä"})
    void aModelsNameCannotLeadOutOfItsPath(String name) {
        String path = GeminiRequestEncoder.path(name, true);
        assertTrue(
                path.matches("/v1beta/models/[A-Za-z0-9._~%-]+:streamGenerateContent\\?alt=sse"),
                path);
    }

    @Test
    @DisplayName("F20: another attempt's call has nothing of the one before")
    void eachAttemptIsRenderedAfresh() {
        var request =
                GeminiSamples.request(
                        "{'messages':[{'role':'user','content':'hi'}],'thinking':{'effort':'high'}}");
        var provider = new GeminiProvider();
        var first = provider.encode(request, GeminiSamples.context(GeminiSamples.NEW));
        provider.encode(request, new EncodeContext(GeminiSamples.OLD, "gemini-eu", "other", true));
        var again = provider.encode(request, GeminiSamples.context(GeminiSamples.NEW));
        assertEquals(GeminiSamples.body(first), GeminiSamples.body(again));
        assertEquals(first.path(), again.path());
        assertEquals(List.of(), again.dropped());
    }

    @Test
    void rawFieldsAreTakenFromTheVendorsNameAndFromTheProvidersOwn() {
        var request =
                GeminiSamples.request(
                        "{'messages':[{'role':'user','content':'hi'}],'vendor':{"
                            + "'gemini':{'generationConfig':{'topK':4}},"
                            + "'gemini-eu':{'generation_config':{'candidate_count':1},'cachedContent':'cachedContents/1'}}}");
        var call =
                new GeminiProvider()
                        .encode(
                                request,
                                new EncodeContext(GeminiSamples.NEW, "gemini-eu", "main", false));
        JsonNode body = GeminiSamples.body(call);
        assertEquals(
                GeminiSamples.object("{'topK':4,'candidateCount':1}"),
                body.path("generationConfig"));
        assertEquals("cachedContents/1", body.path("cachedContent").asText());
    }

    @Test
    void aKeyGoesInTheVendorsHeaderAndATokenInTheStandardOne() {
        var provider = new GeminiProvider();
        assertEquals("AIza1", provider.credentials("AIza1").get("x-goog-api-key"));
        assertEquals("Bearer ya29.x", provider.credentials("ya29.x").get("authorization"));
    }
}
