package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.CacheMark;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of this surface say, in the uniform form. */
class SurfaceRequestTest {
    private static ChatRequest decode(String body) {
        return SurfaceRoundTripTest.decode(body.replace('\'', '"'));
    }

    private static List<Message> messages(String items) {
        return decode("{'model':'m','input':[" + items + "]}").messages();
    }

    private static Fault refused(String body) {
        return assertThrows(FaultException.class, () -> decode(body)).fault();
    }

    @Test
    void aStringIsOneMessageOfTheUser() {
        ChatRequest request = decode("{'model':'m','input':'Hi'}");
        assertEquals(
                List.of(new Message(Role.USER, List.of(new Part.Text("Hi")))), request.messages());
        assertEquals("m", request.model());
    }

    @Test
    @DisplayName("F32: instructions lead, in order, and one in mid conversation stays there")
    void instructionsLeadInOrderAndOneInMidConversationStays() {
        ChatRequest request =
                decode(
                        """
                        {'input':[{'role':'developer','content':'Two'},
                         {'role':'system','content':[{'type':'input_text','text':'Three'}]},
                         {'role':'user','content':'a'},{'role':'user','content':'b'},
                         {'role':'system','content':'Four'}],'instructions':'One'}\
                        """);
        assertEquals(
                List.of("One", "Two", "Three"),
                request.system().stream().map(Part.Text::text).toList());
        assertEquals(
                List.of(Role.USER, Role.USER, Role.SYSTEM),
                request.messages().stream().map(Message::role).toList());
    }

    @Test
    @DisplayName("F26: what the model did is one message, the outputs of its calls another")
    void whatTheModelDidIsOneMessageAndItsCallsOutputsAnother() {
        List<Message> messages =
                messages(
                        """
                        {'role':'user','content':'x'},
                        {'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'gAAA'},
                        {'type':'message','role':'assistant','id':'msg_1','status':'completed',
                         'content':[{'type':'output_text','text':'Both.','annotations':[]}]},
                        {'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},
                        {'type':'function_call','call_id':'c2','name':'g','arguments':'{}'},
                        {'type':'function_call_output','call_id':'c1','output':'1'},
                        {'type':'function_call_output','call_id':'c2','output':'2'},
                        {'type':'function_call','call_id':'c3','name':'f','arguments':'{}'}\
                        """);
        assertEquals(
                List.of(Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT),
                messages.stream().map(Message::role).toList());
        assertEquals(4, messages.get(1).content().size());
        assertEquals(2, messages.get(2).content().size());
        assertEquals("c2", ((Part.ToolCall) messages.get(1).content().get(3)).id());
        assertEquals("c2", ((Part.ToolResult) messages.get(2).content().get(1)).toolCallId());
    }

    @Test
    @DisplayName("F28 F29: a vendor's own reasoning item is its seal, whole but for its status")
    void aVendorsOwnReasoningItemIsItsSeal() {
        var thinking =
                (Part.Thinking)
                        messages(
                                        """
                                        {'type':'reasoning','id':'rs_1','status':'completed',
                                         'summary':[{'type':'summary_text','text':'One'},
                                          {'type':'summary_text','text':'Two'}],
                                         'encrypted_content':'gAAA'}\
                                        """)
                                .getFirst()
                                .content()
                                .getFirst();
        assertEquals("One\n\nTwo", thinking.text());
        assertEquals("openai", thinking.seal().provider());
        assertNull(thinking.seal().account());
        assertTrue(thinking.seal().data().startsWith("{\"type\":\"reasoning\",\"id\":\"rs_1\","));
        assertTrue(thinking.seal().data().contains("\"encrypted_content\":\"gAAA\""));
        assertTrue(!thinking.seal().data().contains("status"));
    }

    @Test
    @DisplayName("F31: empty outputs, empty arguments and no content are what they are")
    void emptyOutputsAndArgumentsAreWhatTheyAre() {
        List<Message> messages =
                messages(
                        """
                        {'type':'function_call','call_id':'c1','name':'f','arguments':''},
                        {'type':'function_call_output','call_id':'c1','output':''},
                        {'type':'message','role':'assistant','content':[]},
                        {'role':'user','content':''}\
                        """);
        assertEquals("{}", ((Part.ToolCall) messages.get(0).content().getFirst()).arguments());
        assertEquals(List.of(), ((Part.ToolResult) messages.get(1).content().getFirst()).content());
        assertEquals(List.of(), messages.get(2).content());
        assertEquals(List.of(new Part.Text("")), messages.get(3).content());
    }

    @Test
    void mediaInEveryFormAreTheirParts() {
        List<Part> parts =
                messages(
                                """
                                {'role':'user','content':[
                                 {'type':'input_image','image_url':'data:image/png;base64,aGk='},
                                 {'type':'input_image','image_url':'https://e.org/a','detail':'low'},
                                 {'type':'input_image','file_id':'file_1'},
                                 {'type':'input_file','filename':'a.pdf',
                                  'file_data':'data:application/pdf;base64,aGk='},
                                 {'type':'input_file','file_url':'https://e.org/b'},
                                 {'type':'input_audio','input_audio':{'data':'aGk=','format':'mp3'}}]}\
                                """)
                        .getFirst()
                        .content();
        assertEquals(
                new MediaSource.Inline("aGk=", "image/png"), ((Part.Image) parts.get(0)).source());
        assertEquals(new MediaSource.Url("https://e.org/a"), ((Part.Image) parts.get(1)).source());
        assertTrue(parts.get(1).extras().optional(), "how closely to look is a hint");
        assertEquals(
                new MediaSource.FileRef("openai", "file_1"), ((Part.Image) parts.get(2)).source());
        assertEquals("a.pdf", ((Part.Document) parts.get(3)).title());
        assertEquals(
                new MediaSource.Url("https://e.org/b"), ((Part.Document) parts.get(4)).source());
        assertEquals(
                new MediaSource.Inline("aGk=", "audio/mpeg"), ((Part.Audio) parts.get(5)).source());
    }

    @Test
    void partsInTheOutputOfACallAreItsContent() {
        var result =
                (Part.ToolResult)
                        messages(
                                        """
                                        {'type':'function_call_output','call_id':'c1','output':[
                                         {'type':'input_text','text':'see'},
                                         {'type':'input_image','image_url':'https://e.org/a'}]}\
                                        """)
                                .getFirst()
                                .content()
                                .getFirst();
        assertEquals(2, result.content().size());
        assertEquals(new MediaSource.Url("https://e.org/a"), image(result.content().get(1)));
    }

    private static MediaSource image(Part part) {
        return ((Part.Image) part).source();
    }

    @Test
    @DisplayName("F48: a cache breakpoint is a mark on its part")
    void aCacheBreakpointIsAMarkOnItsPart() {
        List<Part> parts =
                messages(
                                """
                                {'role':'user','content':[
                                 {'type':'input_text','text':'a','prompt_cache_breakpoint':{'mode':'explicit'}},
                                 {'type':'input_text','text':'b',
                                  'prompt_cache_breakpoint':{'mode':'explicit','ttl':'12h'}},
                                 {'type':'input_text','text':'c'}]}\
                                """)
                        .getFirst()
                        .content();
        assertEquals(CacheMark.FIVE_MINUTES, parts.get(0).cache());
        assertEquals(CacheMark.ONE_HOUR, parts.get(1).cache());
        assertNull(parts.get(2).cache());
        assertTrue(parts.get(0).extras().optional());
    }

    @ParameterizedTest
    @DisplayName("F27: each form of the tool choice has its own")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '|',
            value = {
                "'auto';Auto[]",
                "'none';None[]",
                "'required';Required[]",
                "{'type':'function','name':'f'};Named[name=f]",
                "{'type':'custom','name':'c'};Named[name=c]",
                "{'type':'allowed_tools','mode':'required','tools':[{'type':'function','name':'f'}]};Allowed[names=[f],"
                    + " required=true]",
                "{'type':'allowed_tools','mode':'auto','tools':[{'type':'function','name':'f'}]}"
                        + ";Allowed[names=[f], required=false]"
            })
    void eachFormOfTheToolChoiceHasItsOwn(String choice, String expected) {
        ChatRequest request = decode("{'input':'x','tool_choice':" + choice + "}");
        assertEquals(expected, request.toolChoice().toString());
    }

    @Test
    void aChoiceOfTheVendorsOwnToolStaysRawSoThatOthersRefuseIt() {
        ChatRequest request = decode("{'input':'x','tool_choice':{'type':'web_search'}}");
        assertNull(request.toolChoice());
        assertTrue(request.extras().forVendor("openai").has("tool_choice"));
    }

    @Test
    @DisplayName("F44: functions, a vendor's tool and web search stand side by side")
    void functionsAVendorsToolAndWebSearchStandSideBySide() {
        ChatRequest request =
                decode(
                        """
                        {'input':'x','tools':[
                         {'type':'function','name':'f','description':'d','parameters':{'type':'object'},
                          'strict':true},
                         {'type':'web_search','search_context_size':'high',
                          'filters':{'allowed_domains':['a.org'],'blocked_domains':['b.org']},
                          'user_location':{'type':'approximate','country':'NO','city':'Oslo'}},
                         {'type':'code_interpreter','container':{'type':'auto'}}]}\
                        """);
        var function = (Tool.Function) request.tools().get(0);
        assertEquals("f", function.name());
        assertEquals(true, function.strict());
        assertEquals("openai", ((Tool.Vendor) request.tools().get(1)).provider());
        WebSearch search = request.webSearch();
        assertEquals(List.of("a.org"), search.allowedDomains());
        assertEquals(List.of("b.org"), search.blockedDomains());
        assertEquals(new WebSearch.Location("Oslo", null, "NO", null), search.location());
        assertTrue(search.extras().optional());
    }

    @Test
    void aSearchThatMayNotGoOutIsNotLeftToOthersWhoWould() {
        WebSearch search =
                decode("{'input':'x','tools':[{'type':'web_search','external_web_access':false}]}")
                        .webSearch();
        assertTrue(!search.extras().optional());
    }

    @ParameterizedTest
    @CsvSource({"none, OFF", "minimal, MINIMAL", "low, LOW", "xhigh, XHIGH", "max, MAX"})
    @DisplayName("F30: each level of effort is its own")
    void eachLevelOfEffortIsItsOwn(String word, Effort effort) {
        assertEquals(
                effort, decode("{'input':'x','reasoning':{'effort':'" + word + "'}}").effort());
    }

    @Test
    void whoeverAsksForASummaryIsShownThinking() {
        assertEquals(
                Set.of(Need.THINKING),
                decode("{'input':'x','reasoning':{'summary':'auto'}}").needs());
        assertEquals(Set.of(), decode("{'input':'x','reasoning':{'summary':null}}").needs());
    }

    @Test
    @DisplayName("F33 F34: a schema, JSON mode and plain text are told apart")
    void aSchemaJsonModeAndPlainTextAreToldApart() {
        var schema =
                (Output.Format.Schema)
                        format(
                                "{'type':'json_schema','name':'n','schema':{'type':'object'},'strict':true}");
        assertEquals("n", schema.name());
        assertEquals(true, schema.strict());
        assertEquals(new Output.Format.Json(), format("{'type':'json_object'}"));
        assertEquals(new Output.Format.Text(), format("{'type':'text'}"));
    }

    private static Output.Format format(String format) {
        return decode("{'input':'x','text':{'format':" + format + "}}").output().format();
    }

    @Test
    void samplingAndBoundsAreUniformAndHintsAreLeftToTheVendor() {
        ChatRequest request =
                decode(
                        """
                        {'input':'x','max_output_tokens':50,'temperature':0.5,'top_p':0.9,'stream':true,
                         'parallel_tool_calls':false,'store':false,'service_tier':'auto',
                         'prompt_cache_key':'k','include':['reasoning.encrypted_content'],
                         'reasoning':{'summary':'auto'},'truncation':'disabled'}\
                        """);
        assertEquals(50, request.output().maxTokens());
        assertEquals("0.5", request.sampling().temperature().toString());
        assertEquals(false, request.parallelTools());
        assertTrue(request.stream());
        assertTrue(request.extras().isEmpty(), "nothing that others must refuse");
        assertTrue(request.vendor().get("openai").has("prompt_cache_key"));
    }

    @Test
    void whatAToolOfTheVendorDidIsPartOfTheAnswer() {
        Message message =
                messages(
                                """
                                {'type':'web_search_call','id':'ws_1','status':'completed',
                                 'action':{'type':'search','queries':['q']}},
                                {'role':'assistant','content':'Found.'}\
                                """)
                        .getFirst();
        assertEquals(2, message.content().size());
        var item = (Part.VendorItem) message.content().getFirst();
        assertEquals("ws_1", item.item().path("id").asText());
    }

    @Test
    void aCustomToolsCallAndOutputAreACallAndItsResult() {
        List<Message> messages =
                messages(
                        """
                        {'type':'custom_tool_call','call_id':'c1','name':'sql','input':'select 1'},
                        {'type':'custom_tool_call_output','call_id':'c1','output':'1'},
                        {'type':'custom_tool_call_output','call_id':'c0','output':'0'}\
                        """);
        var call = (Part.ToolCall) messages.get(0).content().getFirst();
        assertTrue(Marks.isCustom(call));
        assertEquals("{\"input\":\"select 1\"}", call.arguments());
        assertTrue(messages.get(1).content().get(0).extras().isEmpty());
        assertEquals(
                "custom_tool_call_output",
                messages.get(1)
                        .content()
                        .get(1)
                        .extras()
                        .forVendor("openai")
                        .path("type")
                        .asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '|',
            value = {
                "{};/input",
                "{'input':7};/input",
                "{'input':[]};/input",
                "{'input':[7]};/input/0",
                "{'input':[{'content':'x'}]};/input/0/role",
                "{'input':[{'role':'robot','content':'x'}]};/input/0/role",
                "{'input':[{'role':'user'}]};/input/0/content",
                "{'input':[{'role':'user','content':[{'type':'input_text'}]}]};/input/0/content/0/text",
                "{'input':[{'role':'user','content':[{'type':'nope'}]}]};/input/0/content/0/type",
                "{'input':[{'role':'user','content':[{'type':'input_image'}]}]}"
                        + ";/input/0/content/0/image_url",
                "{'input':[{'type':'function_call','name':'f'}]};/input/0/call_id",
                "{'input':[{'type':'function_call_output','output':''}]};/input/0/call_id",
                "{'input':[{'type':'item_reference','id':'msg_pln_1'}]};/input/0/id",
                "{'input':'x','tools':[{'type':'function'}]};/tools/0/name",
                "{'input':'x','tools':[{}]};/tools/0/type",
                "{'input':'x','tool_choice':'maybe'};/tool_choice",
                "{'input':'x','tool_choice':{'type':'allowed_tools'}};/tool_choice/tools",
                "{'input':'x','max_output_tokens':0};/max_output_tokens",
                "{'input':'x','temperature':'hot'};/temperature",
                "{'input':'x','stream':'yes'};/stream",
                "{'input':'x','reasoning':{'effort':'some'}};/reasoning/effort",
                "{'input':'x','text':{'format':{'type':'json_schema'}}};/text/format/name"
            })
    void badInputIsRefusedByItsPlace(String body, String pointer) {
        Fault fault = refused(body);
        assertEquals(pointer, fault.pointer(), fault.message());
        assertTrue(fault.message().contains("expected"), fault.message());
    }

    @Test
    void whatTheSdksOwnHelpersPutOnAnItemSaysNothing() {
        List<Part> parts =
                messages(
                                """
                                {'type':'message','role':'assistant','content':[
                                 {'type':'output_text','text':'{}','parsed':{'a':1}}]},
                                {'type':'function_call','call_id':'c1','name':'f','arguments':'{}',
                                 'parsed_arguments':{'a':1}}\
                                """)
                        .getFirst()
                        .content();
        assertEquals(new Part.Text("{}"), parts.getFirst());
        assertNull(parts.getLast().seal());
    }
}
