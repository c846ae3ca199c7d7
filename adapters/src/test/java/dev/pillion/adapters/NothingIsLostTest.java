package dev.pillion.adapters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every field that a vendor's surface takes, at every other vendor: it changes what the vendor is
 * sent, or is refused by name, or is listed as left behind. What says only what is so anyway has no
 * need of that.
 */
class NothingIsLostTest {
    private static final ModelTraits MODEL =
            new ModelTraits(
                    "m",
                    EnumSet.allOf(Capability.class),
                    Set.of(),
                    200_000,
                    64_000,
                    List.of(Effort.values()),
                    ModelTraits.Thinking.ADAPTIVE);

    private static final String TOOL =
            "'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}]";

    private static final String RESPONSES_TOOL =
            "'tools':[{'type':'function','name':'f','parameters':{'type':'object'}}]";

    private static final String CLAUDE_TOOL =
            "'tools':[{'name':'f','input_schema':{'type':'object'}}]";

    private static final String GEMINI_TOOL =
            "'tools':[{'functionDeclarations':[{'name':'f','parameters':{'type':'OBJECT'}}]}]";

    /** Surface, then fields: one a line, each beside what it needs to mean something. */
    private static final Map<String, String> FIELDS =
            Map.of(
                    "chat.completions",
                    """
                    'max_completion_tokens':77
                    'max_tokens':77
                    'temperature':0.3
                    'top_p':0.3
                    'top_k':7
                    'n':2
                    'stop':'x'
                    'frequency_penalty':0.5
                    'presence_penalty':0.5
                    'logit_bias':{'1':2}
                    'logprobs':true
                    'seed':7
                    'response_format':{'type':'json_object'}
                    'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':{'type':'object'}}}
                    TOOL
                    'tool_choice':'required',TOOL
                    'parallel_tool_calls':false,TOOL
                    'reasoning_effort':'high'
                    'verbosity':'low'
                    'modalities':['text','audio'],'audio':{'voice':'a','format':'wav'}
                    'prediction':{'type':'content','content':'x'}
                    'web_search_options':{}
                    'web_search_options':{'user_location':{'type':'approximate','approximate':{'city':'Oslo'}}}
                    'store':true
                    'metadata':{'a':'b'}
                    'service_tier':'flex'
                    'service_tier':'priority'
                    'service_tier':'scale'
                    'prompt_cache_key':'k'
                    'prompt_cache_options':{'mode':'explicit'}
                    'prompt_cache_retention':'24h'
                    'safety_identifier':'u'
                    'user':'u'
                    'moderation':{'model':'m'}
                    'functions':[{'name':'f','parameters':{'type':'object'}}]
                    'something_new':1
                    """,
                    "responses",
                    """
                    'instructions':'x'
                    'previous_response_id':'resp_1'
                    'conversation':'conv_1'
                    'store':true
                    'background':true
                    'include':['message.output_text.logprobs']
                    'max_output_tokens':77
                    'max_tool_calls':3,'tools':[{'type':'web_search'}]
                    'temperature':0.3
                    'top_p':0.3
                    'top_logprobs':3
                    'reasoning':{'effort':'high'}
                    'reasoning':{'summary':'auto'}
                    'reasoning':{'mode':'pro'}
                    'reasoning':{'context':'all_turns'}
                    'text':{'format':{'type':'json_object'}}
                    'text':{'format':{'type':'json_schema','name':'s','schema':{'type':'object'}}}
                    'text':{'verbosity':'low'}
                    RTOOL
                    'tool_choice':'required',RTOOL
                    'parallel_tool_calls':false,RTOOL
                    'tools':[{'type':'web_search','filters':{'allowed_domains':['a.example']}}]
                    'tools':[{'type':'web_search','user_location':{'type':'approximate','city':'Oslo'}}]
                    'tools':[{'type':'file_search','vector_store_ids':['vs_1']}]
                    'tools':[{'type':'code_interpreter','container':{'type':'auto'}}]
                    'truncation':'auto'
                    'context_management':[{'type':'compaction'}]
                    'service_tier':'priority'
                    'prompt_cache_key':'k'
                    'prompt_cache_options':{'ttl':'12h'}
                    'prompt_cache_retention':'24h'
                    'safety_identifier':'u'
                    'user':'u'
                    'metadata':{'a':'b'}
                    'moderation':{'model':'m'}
                    'prompt':{'id':'pmpt_1'}
                    'image':{'context_compression':'enabled'}
                    'access_programs':{'cyber':'standard'}
                    'something_new':1
                    """,
                    "messages",
                    """
                    'system':'x'
                    'stop_sequences':['x']
                    'temperature':0.3
                    'top_p':0.3
                    'top_k':7
                    'metadata':{'user_id':'u'}
                    'metadata':{'else':'u'}
                    CTOOL
                    'tool_choice':{'type':'any'},CTOOL
                    'tool_choice':{'type':'auto','disable_parallel_tool_use':true},CTOOL
                    'tools':[{'type':'web_search_20250305','name':'web_search'}]
                    'tools':[{'type':'web_search_20260318','name':'web_search','max_uses':3}]
                    'tools':[{'type':'web_search_20260209','name':'web_search','allowed_domains':['a.example']}]
                    'tools':[{'type':'code_execution_20250825','name':'code_execution'}]
                    'thinking':{'type':'adaptive'}
                    'output_config':{'effort':'low'}
                    'output_config':{'format':{'type':'json_schema','schema':{'type':'object','properties':{'a':{'type':'string'}}}}}
                    'speed':'fast'
                    'inference_geo':'us'
                    'cache_control':{'type':'ephemeral'}
                    'container':'container_1'
                    'diagnostics':{'previous_message_id':'msg_1'}
                    'context_management':{'edits':[]}
                    'mcp_servers':[{'type':'url','name':'a','url':'https://a.example'}]
                    'something_new':1
                    """,
                    "generateContent",
                    """
                    'systemInstruction':{'parts':[{'text':'x'}]}
                    GTOOL
                    'toolConfig':{'functionCallingConfig':{'mode':'ANY'}},GTOOL
                    'toolConfig':{'retrievalConfig':{'languageCode':'no'}},GTOOL
                    'tools':[{'googleSearch':{}}]
                    'tools':[{'googleSearch':{'excludeDomains':['a.example']}}]
                    'tools':[{'urlContext':{}}]
                    'tools':[{'codeExecution':{}}]
                    'safetySettings':[{'category':'HARM_CATEGORY_HARASSMENT','threshold':'OFF'}]
                    'cachedContent':'cachedContents/1'
                    'serviceTier':'flex'
                    'serviceTier':'priority'
                    'labels':{'a':'b'}
                    'store':true
                    'continuationToken':'AA=='
                    'generationConfig':{'temperature':0.3}
                    'generationConfig':{'topP':0.3}
                    'generationConfig':{'topK':7}
                    'generationConfig':{'candidateCount':2}
                    'generationConfig':{'maxOutputTokens':77}
                    'generationConfig':{'stopSequences':['x']}
                    'generationConfig':{'presencePenalty':0.5}
                    'generationConfig':{'frequencyPenalty':0.5}
                    'generationConfig':{'seed':7}
                    'generationConfig':{'responseLogprobs':true}
                    'generationConfig':{'responseMimeType':'application/json'}
                    'generationConfig':{'responseMimeType':'text/x.enum'}
                    'generationConfig':{'responseMimeType':'application/json','responseSchema':{'type':'OBJECT'}}
                    'generationConfig':{'responseFormat':[{'text':{}}]}
                    'generationConfig':{'responseModalities':['TEXT','IMAGE']}
                    'generationConfig':{'mediaResolution':'MEDIA_RESOLUTION_LOW'}
                    'generationConfig':{'thinkingConfig':{'thinkingLevel':'LOW'}}
                    'generationConfig':{'thinkingConfig':{'thinkingBudget':1000}}
                    'generationConfig':{'imageConfig':{'aspectRatio':'1:1'}}
                    'generationConfig':{'speechConfig':{'languageCode':'no'}}
                    'generationConfig':{'enableEnhancedCivicAnswers':true}
                    'somethingNew':1
                    """);

    /** xAI shows what it thinks as much as it can, asked or not. */
    private static final Set<String> SO_ANYWAY = Set.of("{'reasoning':{'summary':'auto'}} at xai");

    /** Surface, then a message's part without a field and with it, one a line. */
    private static final Map<String, String> PARTS =
            Map.of(
                    "chat.completions",
                    """
                    {'role':'user','content':'Hi'} | {'role':'user','content':'Hi','name':'a'}
                    {'role':'user','content':[IMAGE]} | {'role':'user','content':[DETAIL]}
                    """
                            .replace(
                                    "IMAGE",
                                    "{'type':'image_url','image_url':{'url':'https://a.example/b.png'}}")
                            .replace(
                                    "DETAIL",
                                    "{'type':'image_url','image_url':"
                                            + "{'url':'https://a.example/b.png','detail':'low'}}"),
                    "responses",
                    """
                    {'role':'user','content':[IMAGE}]} | {'role':'user','content':[IMAGE,'detail':'low'}]}
                    {'role':'user','content':[FILE}]} | {'role':'user','content':[FILE,'filename':'a.pdf'}]}
                    """
                            .replace(
                                    "IMAGE",
                                    "{'type':'input_image','image_url':'https://a.example/b.png'")
                            .replace(
                                    "FILE",
                                    "{'type':'input_file','file_data':'data:application/pdf;base64,AAAA'"),
                    "messages",
                    """
                    {'role':'user','content':[DOC}]} | {'role':'user','content':[DOC,'title':'a'}]}
                    {'role':'user','content':[DOC}]} | {'role':'user','content':[DOC,'context':'a'}]}
                    {'role':'user','content':[DOC}]} | {'role':'user','content':[DOC,'citations':{'enabled':true}}]}
                    """
                            .replace(
                                    "DOC",
                                    "{'type':'document','source':{'type':'base64',"
                                            + "'media_type':'application/pdf','data':'AAAA'}"),
                    "generateContent",
                    """
                    {'role':'user','parts':[VIDEO}]} | {'role':'user','parts':[VIDEO,'videoMetadata':{'fps':2}}]}
                    {'role':'user','parts':[IMAGE}]} | {'role':'user','parts':[IMAGE,'mediaResolution':{'level':'MEDIA_RESOLUTION_LOW'}}]}
                    """
                            .replace(
                                    "VIDEO", "{'inlineData':{'mimeType':'video/mp4','data':'AAAA'}")
                            .replace(
                                    "IMAGE",
                                    "{'inlineData':{'mimeType':'image/png','data':'AAAA'}"));

    static Stream<Arguments> parts() {
        List<Arguments> all = new ArrayList<>();
        for (String surface : PARTS.keySet().stream().sorted().toList()) {
            for (String line : PARTS.get(surface).lines().toList()) {
                String[] pair = line.replace('\'', '"').split(" \\| ", 2);
                for (Provider vendor : Providers.ALL) {
                    all.add(Arguments.of(surface, pair[0], pair[1], vendor.speaks()));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}: {2} at {3}")
    @MethodSource("parts")
    void everyFieldOfAPartIsCarriedRefusedByNameOrListed(
            String surface, String plain, String with, String vendor) throws Exception {
        Told without = tell(surface, around(surface, plain), vendor, false);
        Told told = tell(surface, around(surface, with), vendor, false);
        if (told.fault() == null) {
            boolean changes = !told.sent().equals(without.sent());
            assertTrue(changes || !told.dropped().isEmpty(), told.toString());
        } else {
            assertEquals(FaultKind.UNSUPPORTED, told.fault().kind(), told.fault().message());
            assertNotNull(told.fault().pointer(), told.fault().message());
        }
    }

    private static String around(String surface, String message) {
        return switch (surface) {
            case "responses" -> "{\"model\":\"m\",\"input\":[" + message + "]}";
            case "generateContent" -> "{\"contents\":[" + message + "]}";
            case "messages" -> "{\"model\":\"m\",\"max_tokens\":64,\"messages\":[" + message + "]}";
            default -> "{\"model\":\"m\",\"messages\":[" + message + "]}";
        };
    }

    static Stream<Arguments> fields() {
        List<Arguments> all = new ArrayList<>();
        for (String surface : FIELDS.keySet().stream().sorted().toList()) {
            for (String field : FIELDS.get(surface).lines().toList()) {
                String json =
                        field.replace("RTOOL", RESPONSES_TOOL)
                                .replace("CTOOL", CLAUDE_TOOL)
                                .replace("GTOOL", GEMINI_TOOL)
                                .replace("TOOL", TOOL)
                                .replace('\'', '"');
                for (Provider vendor : Providers.ALL) {
                    all.add(Arguments.of(surface, json, vendor.speaks()));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}: {1} at {2}")
    @MethodSource("fields")
    void everyFieldIsCarriedRefusedByNameOrListed(String surface, String field, String vendor)
            throws Exception {
        String plain = said(surface, "");
        Told without = tell(surface, plain, vendor, false);
        Told with = tell(surface, said(surface, field), vendor, false);
        assertEquals(null, without.fault());
        if (with.fault() == null) {
            boolean changes = !with.sent().equals(without.sent());
            boolean anyway = SO_ANYWAY.contains("{" + field.replace('"', '\'') + "} at " + vendor);
            assertTrue(changes || anyway || !with.dropped().isEmpty(), with.toString());
            return;
        }
        assertEquals(FaultKind.UNSUPPORTED, with.fault().kind(), with.fault().message());
        String pointer = with.fault().pointer();
        assertNotNull(pointer, with.fault().message());
        assertTrue(!pointer.equals("/generationConfig"), pointer);
        Told lossy = tell(surface, said(surface, field), vendor, true);
        if (lossy.fault() == null) {
            assertTrue(lossy.dropped().contains(pointer), lossy + " lacks " + pointer);
        }
    }

    private record Told(String sent, List<String> dropped, Fault fault) {}

    private static String said(String surface, String field) {
        String turn =
                switch (surface) {
                    case "responses" -> "'model':'m','input':'Hi'";
                    case "generateContent" ->
                            "'contents':[{'role':'user','parts':[{'text':'Hi'}]}]";
                    case "messages" ->
                            "'model':'m','max_tokens':64,'messages':[{'role':'user','content':'Hi'}]";
                    default -> "'model':'m','messages':[{'role':'user','content':'Hi'}]";
                };
        return "{" + turn.replace('\'', '"') + (field.isEmpty() ? "" : "," + field) + "}";
    }

    private static Told tell(String surface, String body, String speaks, boolean lossy)
            throws Exception {
        var dialect = (Dialect) Objects.requireNonNull(Dialects.of(surface));
        var client =
                new Surface(
                        "/v1beta/models/m:generateContent",
                        null,
                        Headers.NONE,
                        body.getBytes(StandardCharsets.UTF_8));
        Provider vendor = Objects.requireNonNull(Providers.speaking(speaks));
        try {
            ChatRequest request = dialect.decode(client);
            var told = SharedWords.told(request, dialect.vendor(), speaks, speaks);
            UpstreamCall call =
                    vendor.encode(
                                    told.request(),
                                    new EncodeContext(MODEL, speaks, "account", lossy))
                            .without(told.left());
            return new Told(call.path() + " " + text(call), call.dropped(), null);
        } catch (FaultException e) {
            return new Told("", List.of(), e.fault());
        }
    }

    private static String text(UpstreamCall call) throws Exception {
        var out = new ByteArrayOutputStream();
        for (ByteBuffer slice : call.body()) {
            byte[] bytes = new byte[slice.remaining()];
            slice.duplicate().get(bytes);
            out.write(bytes);
        }
        JsonNode body = Json.read(out.toByteArray());
        ((ObjectNode) body).remove("anthropic-beta");
        return body.toString();
    }
}
