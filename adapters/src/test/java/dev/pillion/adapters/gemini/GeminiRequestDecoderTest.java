package dev.pillion.adapters.gemini;

import static dev.pillion.adapters.gemini.GeminiSurface.decode;
import static dev.pillion.adapters.gemini.GeminiSurface.json;
import static dev.pillion.adapters.gemini.GeminiSurface.surface;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiRequestDecoderTest {
    private static final String HI = "{'contents':[{'parts':[{'text':'hi'}]}]}";

    private static ChatRequest with(String fields) {
        return decode("{'contents':[{'parts':[{'text':'hi'}]}]," + fields + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/models/gemini-x:generateContent,gemini-x",
        "/v1alpha/models/gemini-x%3AgenerateContent,gemini-x",
        "/v1beta/tunedModels/my-x:generateContent,tunedModels/my-x",
        "/v1beta/models/anthropic%2Fclaude-x:generateContent,anthropic/claude-x",
        "/v1beta/models/anthropic/claude-x:generateContent,anthropic/claude-x",
        "/v1beta/models/class%3Afast:generateContent,class:fast",
        "/v1beta/models/class:fast:generateContent,class:fast",
        "/v1beta/models/summarizer:generateContent,summarizer",
        "/v1beta1/projects/p/locations/l/publishers/google/models/gemini-x:generateContent,gemini-x"
    })
    void theModelStandsInThePathHoweverItIsWritten(String path, String model) {
        assertEquals(model, GeminiSurface.DIALECT.decode(surface(path, null, HI)).model());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1beta/models/..%2F..%2Fadmin:generateContent",
                "/v1beta/models/a%2f..%2fb:generateContent",
                "/v1beta/models/a%252fb:generateContent",
                "/v1beta/models/a%00b:generateContent",
                "/v1beta/models/a%0d%0ab:generateContent",
                "/v1beta/models/a%5cb:generateContent",
                "/v1beta/models/a%2f:generateContent",
                "/v1beta/models/%2fa:generateContent",
                "/v1beta/models/a%3fb:generateContent",
                "/v1beta/models/a%23b:generateContent",
                "/v1beta/models/a%zz:generateContent",
                "/v1beta/models/a%ff:generateContent",
                "/v1beta/models/a%20b:generateContent",
                "/v1beta/models/%3AgenerateContent"
            })
    @DisplayName("F54: a model's name in the path that is a trick is a clear 400")
    void aPathThatIsATrickIsRefused(String path) {
        Fault fault = GeminiSurface.refused(surface(path, null, HI)).orElseThrow();
        assertEquals(FaultKind.INVALID_REQUEST, fault.kind());
        assertTrue(
                fault.message().contains("expected: a model's id")
                        || fault.message().contains("expected: models/MODEL:METHOD"),
                fault.message());
    }

    @Test
    @DisplayName("F54: a field said twice, a repeated key, a huge number: a clear 400 with a place")
    void contradictionsAreRefusedWithTheirPlace() {
        List<List<String>> cases =
                List.of(
                        List.of(
                                "{'contents':[],'systemInstruction':{},'system_instruction':{}}",
                                "/system_instruction"),
                        List.of(
                                "{'contents':[{'parts':[{'inlineData':{'mimeType':'image/png',"
                                        + "'data':'!'}}]}]}",
                                "/contents/0/parts/0/inlineData/data"),
                        List.of(
                                "{'contents':[],'generationConfig':{'maxOutputTokens':1e99}}",
                                "/generationConfig/maxOutputTokens"),
                        List.of(
                                "{'contents':[],'generation_config':{'thinking_config':"
                                        + "{'thinking_level':'SOME'}}}",
                                "/generation_config/thinking_config/thinking_level"),
                        List.of("{'contents':[{'role':'assistant'}]}", "/contents/0/role"),
                        List.of(
                                "{'contents':[{'parts':[{'text':'\\ud800'}]}]}",
                                "/contents/0/parts/0/text"),
                        List.of("{'contents':7}", "/contents"),
                        List.of("{}", "/contents"),
                        List.of("{'contents':[],'model':'models/other'}", "/model"));
        for (List<String> each : cases) {
            Fault fault =
                    GeminiSurface.refused(surface(GeminiSurface.WHOLE, null, each.getFirst()))
                            .orElseThrow();
            assertEquals(FaultKind.INVALID_REQUEST, fault.kind(), each.getFirst());
            assertEquals(each.getLast(), fault.pointer(), each.getFirst());
        }
        assertTrue(
                GeminiSurface.refused(
                                surface(GeminiSurface.WHOLE, null, "{'contents':[],'contents':[]}"))
                        .isPresent());
    }

    @Test
    void snakeCaseAndCamelCaseMeanTheSame() {
        ChatRequest camel =
                decode(
                        "{'contents':[{'role':'user','parts':[{'inlineData':{'mimeType':'image/png',"
                            + "'data':'AAAA'}}]}],'systemInstruction':{'parts':[{'text':'s'}]},"
                            + "'generationConfig':{'maxOutputTokens':5,'stopSequences':['x'],"
                            + "'responseModalities':['TEXT']},'toolConfig':{'functionCallingConfig':"
                            + "{'mode':'ANY','allowedFunctionNames':['f']}},'safetySettings':[]}");
        ChatRequest snake =
                decode(
                        "{'contents':[{'role':'user','parts':[{'inline_data':{'mime_type':'image/png',"
                            + "'data':'AAAA'}}]}],'system_instruction':{'parts':{'text':'s'}},"
                            + "'generation_config':{'max_output_tokens':'5','stop_sequences':['x'],"
                            + "'response_modalities':['TEXT']},'tool_config':"
                            + "{'function_calling_config':{'mode':'any','allowed_function_names':"
                            + "['f']}},'safety_settings':[]}");
        assertEquals(camel, snake);
        assertEquals(5, camel.output().maxTokens());
        assertEquals(new ToolChoice.Named("f"), camel.toolChoice());
        assertEquals("s", camel.system().getFirst().text());
    }

    @ParameterizedTest
    @CsvSource({
        "_-_-,/+/+",
        "_-_-_-8,/+/+/+8=",
        "_-_-_-,/+/+/+==",
        "-w,+w==",
        "+w==,+w==",
        "YWJj,YWJj"
    })
    void bothAlphabetsOfBase64AreBroughtToOne(String sent, String kept) {
        String data = "{'mimeType':'application/pdf','data':'" + sent + "'}";
        ChatRequest request = decode("{'contents':[{'parts':[{'inlineData':" + data + "}]}]}");
        Part part = request.messages().getFirst().content().getFirst();
        var document = assertInstanceOf(Part.Document.class, part);
        var inline = assertInstanceOf(MediaSource.Inline.class, document.source());
        assertEquals(kept, inline.data());
    }

    @Test
    @DisplayName("F26: results without ids find their calls by name and order")
    void resultsWithoutIdsFindTheirCallsByNameAndOrder() {
        ChatRequest request =
                decode(
                        "{'contents':[{'parts':[{'text':'go'}]},{'role':'model','parts':["
                            + "{'functionCall':{'name':'a','args':{'n':1}}},"
                            + "{'functionCall':{'name':'b'}},"
                            + "{'functionCall':{'name':'a','args':{'n':2}}}]},"
                            + "{'role':'function','parts':["
                            + "{'functionResponse':{'name':'a','response':{'output':'one'}}},"
                            + "{'functionResponse':{'name':'a','response':{'output':'two'}}},"
                            + "{'functionResponse':{'name':'b','response':{'error':'no'}}}]}]}");
        List<Part> calls = request.messages().get(1).content();
        Message results = request.messages().get(2);
        assertEquals(Role.TOOL, results.role());
        String first = assertInstanceOf(Part.ToolCall.class, calls.get(0)).id();
        String second = assertInstanceOf(Part.ToolCall.class, calls.get(1)).id();
        String third = assertInstanceOf(Part.ToolCall.class, calls.get(2)).id();
        assertEquals(3, List.of(first, second, third).stream().distinct().count());
        assertEquals("{}", ((Part.ToolCall) calls.get(1)).arguments());
        var answers = results.content().stream().map(p -> (Part.ToolResult) p).toList();
        assertEquals(
                List.of(first, third, second),
                answers.stream().map(Part.ToolResult::toolCallId).toList());
        assertTrue(answers.get(2).error());
        assertFalse(answers.getFirst().error());
        assertEquals(List.of(new Part.Text("two")), answers.get(1).content());
    }

    @Test
    @DisplayName("F31: empty texts, empty results and calls without arguments are kept as such")
    void emptyThingsAreKept() {
        ChatRequest request =
                decode(
                        "{'contents':[{'parts':[{'text':''}]},{'role':'model'},{'role':'model',"
                                + "'parts':[{'functionCall':{'id':'c','name':'f'}}]},{'parts':["
                                + "{'functionResponse':{'id':'c','name':'f','response':{}}}]}]}");
        assertEquals(List.of(new Part.Text("")), request.messages().getFirst().content());
        var call = (Part.ToolCall) request.messages().get(1).content().getFirst();
        assertEquals("{}", call.arguments());
        var result = (Part.ToolResult) request.messages().get(2).content().getFirst();
        assertEquals(List.of(), result.content());
        assertEquals("c", result.toolCallId());
    }

    @Test
    @DisplayName("F32: turns of the same role, an instruction in several parts, one in mid talk")
    void turnsOfTheSameRoleAreUnderstood() {
        ChatRequest request =
                decode(
                        "{'systemInstruction':{'role':'user','parts':[{'text':'a'},{'text':'b'}]},"
                                + "'contents':[{'parts':[{'text':'1'}]},{'parts':[{'text':'2'}]},"
                                + "{'role':'model','parts':[{'text':'he'}]},"
                                + "{'role':'model','parts':[{'text':'llo'}]},"
                                + "{'role':'system','parts':[{'text':'now'}]}]}");
        assertEquals(2, request.system().size());
        assertEquals(
                List.of(Role.USER, Role.USER, Role.ASSISTANT, Role.SYSTEM),
                request.messages().stream().map(Message::role).toList());
        assertEquals(List.of(new Part.Text("hello")), request.messages().get(2).content());
    }

    @Test
    @DisplayName("F28: raw signatures are seals in their place, and the sentinel is none")
    void rawSignaturesAreSealsInTheirPlace() {
        ChatRequest request =
                decode(
                        "{'contents':[{'role':'model','parts':["
                                + "{'text':'t','thought':true},"
                                + "{'functionCall':{'name':'a'},'thoughtSignature':'c2ln'},"
                                + "{'functionCall':{'name':'b'}},"
                                + "{'functionCall':{'name':'c'},"
                                + "'thoughtSignature':'skip_thought_signature_validator'},"
                                + "{'functionCall':{'name':'d'},'thought_signature':"
                                + "'c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I='},"
                                + "{'text':'','thoughtSignature':'ZW5k'}]}]}");
        List<Part> parts = request.messages().getFirst().content();
        assertNull(parts.get(0).seal());
        assertEquals(new Seal("gemini", null, null, "c2ln"), parts.get(1).seal());
        assertNull(parts.get(2).seal());
        assertNull(parts.get(3).seal());
        assertNull(parts.get(4).seal());
        assertEquals(new Seal("gemini", null, null, "ZW5k"), parts.get(5).seal());
        for (Part part : parts) {
            assertFalse(part instanceof Part.ToolCall call && call.id().contains("c2ln"));
        }
    }

    @Test
    @DisplayName("F27: every mode of function calling has its word")
    void everyModeOfFunctionCallingHasItsWord() {
        String tools = "'tools':[{'functionDeclarations':[{'name':'f'},{'name':'g'}]}],";
        String config = "'toolConfig':{'functionCallingConfig':";
        assertEquals(new ToolChoice.Auto(), with(tools + config + "{'mode':'AUTO'}}").toolChoice());
        assertEquals(new ToolChoice.None(), with(tools + config + "{'mode':'NONE'}}").toolChoice());
        assertEquals(
                new ToolChoice.Required(), with(tools + config + "{'mode':'ANY'}}").toolChoice());
        assertEquals(
                new ToolChoice.Named("f"),
                with(tools + config + "{'mode':'ANY','allowedFunctionNames':['f']}}").toolChoice());
        assertEquals(
                new ToolChoice.Allowed(List.of("f", "g"), true),
                with(tools + config + "{'mode':'ANY','allowedFunctionNames':['f','g']}}")
                        .toolChoice());
        ChatRequest validated = with(tools + config + "{'mode':'VALIDATED'}}");
        assertEquals(new ToolChoice.Auto(), validated.toolChoice());
        assertEquals(true, ((Tool.Function) validated.tools().getFirst()).strict());
        assertNull(with(tools + config + "{}}").toolChoice());
    }

    @Test
    void enumsMayBeNumbers() {
        ChatRequest request =
                with(
                        "'tools':[{'functionDeclarations':[{'name':'f','parameters':{'type':6,"
                                + "'properties':{'a':{'type':1}}}}]}],"
                                + "'toolConfig':{'functionCallingConfig':{'mode':2}}");
        assertEquals(new ToolChoice.Required(), request.toolChoice());
        var function = (Tool.Function) request.tools().getFirst();
        assertEquals(
                json("{'type':'object','properties':{'a':{'type':'string'}}}"),
                json(function.parameters().toString()));
    }

    @Test
    @DisplayName("F33: OpenAPI schemas become JSON Schema with the same meaning")
    void openApiSchemasBecomeJsonSchema() {
        ChatRequest request =
                with(
                        "'tools':[{'functionDeclarations':[{'name':'f','parameters':"
                            + "{'type':'OBJECT','propertyOrdering':['b','a'],'properties':"
                            + "{'a':{'type':'STRING','nullable':true,'enum':['x'],'format':'enum'},"
                            + "'b':{'type':'ARRAY','items':{'type':'INTEGER'},'max_items':'3'},"
                            + "'type':{'any_of':[{'type':'STRING'}],'nullable':true}},"
                            + "'required':['a']}}]}]");
        var function = (Tool.Function) request.tools().getFirst();
        assertEquals(
                json(
                        "{'type':'object','required':['a'],'properties':{'b':{'type':'array',"
                                + "'items':{'type':'integer'},'maxItems':3},'a':{'type':['string',"
                                + "'null'],'enum':['x',null]},'type':{'anyOf':[{'type':'string'},"
                                + "{'type':'null'}]}}}"),
                json(function.parameters().toString()));
        assertEquals("b", function.parameters().path("properties").fieldNames().next());
    }

    @ParameterizedTest
    @CsvSource({
        "thinkingLevel,MINIMAL,MINIMAL",
        "thinkingLevel,low,LOW",
        "thinkingLevel,XHIGH,XHIGH",
        "thinkingBudget,0,OFF",
        "thinkingBudget,512,MINIMAL",
        "thinkingBudget,1024,LOW",
        "thinkingBudget,1025,MEDIUM",
        "thinkingBudget,24576,HIGH",
        "thinkingBudget,32768,XHIGH"
    })
    @DisplayName("F30: levels and budgets are efforts by a table")
    void levelsAndBudgetsAreEffortsByATable(String field, String value, Effort effort) {
        String config = "{'thinkingConfig':{'" + field + "':'" + value + "'}}";
        assertEquals(effort, with("'generationConfig':" + config).effort());
    }

    @Test
    @DisplayName("F34: a schema asks for JSON, with or without its media type")
    void aSchemaAsksForJson() {
        assertInstanceOf(
                Output.Format.Json.class,
                with("'generationConfig':{'responseMimeType':'application/json'}")
                        .output()
                        .format());
        var schema =
                assertInstanceOf(
                        Output.Format.Schema.class,
                        with("'generationConfig':{'responseMimeType':'application/json',"
                                 + "'responseSchema':{'type':'ARRAY','items':{'type':'STRING'}}}")
                                .output()
                                .format());
        assertEquals("array", schema.schema().path("type").asText());
        assertInstanceOf(
                Output.Format.Text.class,
                with("'generationConfig':{'responseMimeType':'text/plain'}").output().format());
    }

    @Test
    void whatHasNoWordIsKeptRawAndBindsTheVendor() {
        ChatRequest request =
                with(
                        "'safetySettings':[{'category':'c','threshold':'OFF'}],'labels':{'a':'b'},"
                                + "'store':false,'cachedContent':'cachedContents/x','new_field':1,"
                                + "'serviceTier':'flex','continuationToken':'dG9r',"
                                + "'generationConfig':{'topK':3,'presencePenalty':0,'logprobs':2,"
                                + "'responseModalities':['TEXT','IMAGE']},"
                                + "'toolConfig':{'retrievalConfig':{'languageCode':'de'}}");
        assertFalse(request.extras().optional());
        var raw = request.extras().forVendor("gemini");
        for (String name :
                List.of(
                        "safetySettings",
                        "labels",
                        "store",
                        "cachedContent",
                        "newField",
                        "serviceTier",
                        "continuationToken")) {
            assertTrue(raw.has(name), name);
        }
        assertEquals(
                json("{'topK':3,'logprobs':2,'responseModalities':['TEXT','IMAGE']}"),
                json(raw.path("generationConfig").toString()));
        assertEquals("de", raw.at("/toolConfig/retrievalConfig/languageCode").asText());
        assertEquals(
                0, request.vendor().get("gemini").at("/generationConfig/presencePenalty").asInt(9));
    }

    @Test
    void moreThanOneAnswerIsRefusedByName() {
        Fault fault =
                GeminiSurface.refused(
                                surface(
                                        GeminiSurface.WHOLE,
                                        null,
                                        "{'contents':[],'generationConfig':{'candidateCount':2}}"))
                        .orElseThrow();
        assertEquals(FaultKind.UNSUPPORTED, fault.kind());
        assertEquals("/generationConfig/candidateCount", fault.pointer());
    }

    @Test
    void searchIsTheUniformOneAndOtherToolsAreTheVendors() {
        ChatRequest request =
                with(
                        "'tools':[{'googleSearch':{},'codeExecution':{}},"
                                + "{'google_search':{}},{'url_context':{}}]");
        assertTrue(request.webSearch().extras().isEmpty());
        assertEquals(3, request.tools().size());
        assertEquals(
                json("{'codeExecution':{}}"),
                json(((Tool.Vendor) request.tools().getFirst()).definition().toString()));
        ChatRequest timed =
                with(
                        "'tools':[{'googleSearch':{'timeRangeFilter':{'startTime':'x'},"
                                + "'excludeDomains':['a.example']}}]");
        assertEquals(List.of("a.example"), timed.webSearch().blockedDomains());
        assertTrue(timed.webSearch().extras().forVendor("gemini").has("timeRangeFilter"));
    }

    @Test
    void whoWantsToSeeThinkingNeedsAModelThatThinks() {
        assertEquals(
                Set.of(Need.THINKING),
                with("'generationConfig':{'thinkingConfig':{'includeThoughts':true}}").needs());
        assertEquals(
                Set.of(),
                with("'generationConfig':{'thinkingConfig':{'includeThoughts':false}}").needs());
    }

    @Test
    void whatAFunctionGivesBackIsANoteThatOthersGoWithout() {
        ChatRequest noted =
                with(
                        "'tools':[{'functionDeclarations':[{'name':'f',"
                                + "'responseJsonSchema':{'type':'string'}}]}]");
        assertTrue(noted.tools().getFirst() instanceof Tool.Function f && f.extras().optional());
        ChatRequest bound =
                with("'tools':[{'functionDeclarations':[{'name':'f','behavior':'BLOCKING'}]}]");
        assertFalse(bound.tools().getFirst() instanceof Tool.Function f && f.extras().optional());
    }

    @Test
    void theScanTellsWhatTheDecodingTells() {
        var surface =
                surface(
                        GeminiSurface.STREAM,
                        "alt=sse",
                        "{'contents':[{'parts':[{'inlineData':{'mimeType':'image/png','data':'AAAA'}}]}],"
                            + "'tools':[{'googleSearch':{}}],'generationConfig':{'stopSequences':"
                            + "['x'],'maxOutputTokens':9,'presencePenalty':1}}");
        Outline outline = GeminiSurface.DIALECT.outline(surface);
        ChatRequest request = GeminiSurface.DIALECT.decode(surface);
        assertTrue(outline.stream());
        assertTrue(outline.usageAsked());
        assertEquals(Needs.of(request), outline.needs());
        assertEquals(9, outline.maxOutputTokens());
        assertTrue(outline.refusable().containsAll(Needs.refusable(request)));
    }
}
