package dev.pillion.sidecar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** What {@link CanaryTest} sends, and what it must not find again. */
final class CanaryCases {
    static final String ANTHROPIC_KEY = "sk-ant-api03-Qz7kestrelAnthropicKey41";
    static final String OPENAI_KEY = "sk-proj-Qz7kestrelOpenAiKey42";
    static final String GEMINI_KEY = "AIzaQz7kestrelGeminiKey43";
    static final String XAI_KEY = "xai-Qz7kestrelXaiKey44";
    static final String HOUSE_KEY = "Qz7kestrelHouseKey45";
    static final String SPARE_KEY = "sk-Qz7kestrelSpareKey46";
    static final String PLAIN_KEY = "kestrel-wordlike-key";
    static final String TOKEN = "Qz7kestrelPortToken47";
    static final String CLIENT_KEY = "sk-Qz7kestrelClientKey48";

    static final String SYSTEM = "wrenSystemText";
    static final String PROMPT = "wrenPromptText";
    static final String ARGUMENT = "wrenToolArgument";
    static final String RESULT = "wrenToolResult";
    static final String ABOUT = "wrenToolDescription";
    static final String FILE = "wrenFileName";
    static final String IMAGE = "wrenImageBytes";
    static final String THOUGHT = "wrenThoughtText";
    static final String SEAL = "wrenSealedState";
    static final String SEARCH = "wrenSearchDomain";
    static final String USER = "wrenEndUser";
    static final String ANSWER = "wrenAnswerText";

    /** A field's name, or a word where the format has a list of them: an error may name it. */
    static final String WORD = "wrenWordOfFormat";

    /** Nobody but the vendor that a key is for may ever see it. */
    static final Canaries KEYS =
            new Canaries(
                    List.of(
                            "Qz7kestrelAnthropicKey41",
                            "Qz7kestrelOpenAiKey42",
                            "Qz7kestrelGeminiKey43",
                            "Qz7kestrelXaiKey44",
                            HOUSE_KEY,
                            "Qz7kestrelSpareKey46",
                            PLAIN_KEY,
                            TOKEN));

    /** What belongs to clients: for them and for vendors, and in nothing that Pillion writes. */
    static final Canaries CONTENT =
            new Canaries(
                    List.of(
                            "Qz7kestrelClientKey48",
                            SYSTEM,
                            PROMPT,
                            ARGUMENT,
                            RESULT,
                            ABOUT,
                            FILE,
                            IMAGE,
                            THOUGHT,
                            SEAL,
                            SEARCH,
                            USER,
                            ANSWER));

    /** All of a client's. */
    static final Canaries REQUEST = new Canaries(List.of(PROMPT, ARGUMENT, WORD));

    private CanaryCases() {}

    /** One request; neither array is changed. */
    @SuppressWarnings("ArrayRecordComponent")
    record Case(String path, byte[] body, String... headers) {
        Case(String path, String body, String... headers) {
            this(path, body.getBytes(StandardCharsets.UTF_8), headers);
        }
    }

    /** Requests that are good, with something to hide in every place that takes text. */
    static List<Case> good() {
        List<Case> cases = new ArrayList<>();
        for (Way way : Way.values()) {
            for (String model : List.of(way.own, way.other)) {
                for (boolean stream : way.streams() ? List.of(true, false) : List.of(false)) {
                    String body = way.body(model, PROMPT, stream);
                    cases.add(new Case(way.path(model, stream), body));
                    cases.add(
                            new Case(
                                    way.path(model, stream),
                                    body,
                                    "x-pillion-passthrough",
                                    "never"));
                }
            }
        }
        for (String model :
                List.of(
                        "openai/gpt-4.1",
                        "anthropic/claude-haiku-4-5",
                        "gemini/gemini-2.5-flash")) {
            for (boolean stream : List.of(true, false)) {
                cases.add(new Case("/v1/chat/completions", chat(model, stream)));
                cases.add(new Case("/v1/messages", messages(model, stream)));
                cases.add(new Case("/v1/generate", generate(model, stream)));
                cases.add(new Case("/v1/responses", responses(model, stream)));
            }
        }
        cases.add(new Case("/openai/v1/chat/completions", chat("gpt-4.1", false)));
        cases.add(new Case("/anthropic/v1/messages", messages("claude-haiku-4-5", true)));
        cases.add(new Case("/gemini/v1beta/files?key=" + CLIENT_KEY, PROMPT));
        return cases;
    }

    private static String picture() {
        byte[] png = ("\u0089PNG\r\n\u001a\n" + IMAGE).getBytes(StandardCharsets.ISO_8859_1);
        return Base64.getEncoder().encodeToString(png);
    }

    private static String json(String text, Object... values) {
        return text.replace('\'', '"').formatted(values);
    }

    private static String chat(String model, boolean stream) {
        return json(
                """
                {'model':'%s','stream':%s,'max_tokens':500,'user':'%s','messages':[
                {'role':'system','content':'%s'},
                {'role':'user','content':[{'type':'text','text':'%s'},
                {'type':'image_url','image_url':{'url':'data:image/png;base64,%s'}},
                {'type':'file','file':{'filename':'%s.pdf',
                'file_data':'data:application/pdf;base64,%s'}}]},
                {'role':'assistant','content':null,'tool_calls':[{'id':'call_1',
                'type':'function','function':{'name':'lookup',
                'arguments':'{\\"q\\":\\"%s\\"}'}}]},
                {'role':'tool','tool_call_id':'call_1','content':'%s'}],
                'tools':[{'type':'function','function':{'name':'lookup','description':'%s',
                'parameters':{'type':'object','properties':{'q':{'type':'string'}}}}}]}
                """,
                model, stream, USER, SYSTEM, PROMPT, picture(), FILE, picture(), ARGUMENT, RESULT,
                ABOUT);
    }

    private static String messages(String model, boolean stream) {
        return json(
                """
                {'model':'%s','stream':%s,'max_tokens':500,'metadata':{'user_id':'%s'},
                'system':'%s','messages':[
                {'role':'user','content':[{'type':'text','text':'%s'},
                {'type':'image','source':{'type':'base64','media_type':'image/png',
                'data':'%s'}}]},
                {'role':'assistant','content':[{'type':'thinking','thinking':'%s',
                'signature':'%s'},{'type':'tool_use','id':'toolu_1','name':'lookup',
                'input':{'q':'%s'}}]},
                {'role':'user','content':[{'type':'tool_result','tool_use_id':'toolu_1',
                'content':'%s'}]}],
                'tools':[{'name':'lookup','description':'%s','input_schema':{'type':'object',
                'properties':{'q':{'type':'string'}}}},
                {'type':'web_search_20250305','name':'web_search','max_uses':1,
                'allowed_domains':['%s.example']}]}
                """,
                model, stream, USER, SYSTEM, PROMPT, picture(), THOUGHT, SEAL, ARGUMENT, RESULT,
                ABOUT, SEARCH);
    }

    private static String generate(String model, boolean stream) {
        return json(
                """
                {'model':'%s','stream':%s,'system':'%s','messages':[
                {'role':'user','content':[{'type':'text','text':'%s'},
                {'type':'image','data':'%s','media_type':'image/png'}]},
                {'role':'assistant','content':[{'type':'thinking','text':'%s','seal':'%s'},
                {'type':'tool_call','id':'t1','name':'lookup','arguments':{'q':'%s'}}]},
                {'role':'tool','content':[{'type':'tool_result','tool_call_id':'t1',
                'content':'%s'}]}],
                'tools':[{'name':'lookup','description':'%s','parameters':{'type':'object'}}],
                'tags':{'team':'red'}}
                """,
                model, stream, SYSTEM, PROMPT, picture(), THOUGHT, SEAL, ARGUMENT, RESULT, ABOUT);
    }

    private static String responses(String model, boolean stream) {
        return json(
                """
                {'model':'%s','stream':%s,'instructions':'%s','safety_identifier':'%s','input':[
                {'role':'user','content':[{'type':'input_text','text':'%s'},
                {'type':'input_image','image_url':'data:image/png;base64,%s'}]},
                {'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'%s'}],
                'encrypted_content':'%s'},
                {'type':'function_call','call_id':'c1','name':'lookup',
                'arguments':'{\\"q\\":\\"%s\\"}'},
                {'type':'function_call_output','call_id':'c1','output':'%s'}],
                'tools':[{'type':'function','name':'lookup','description':'%s',
                'parameters':{'type':'object','properties':{}}}]}
                """,
                model, stream, SYSTEM, USER, PROMPT, picture(), THOUGHT, SEAL, ARGUMENT, RESULT,
                ABOUT);
    }

    /** What this side refuses: the caller's own mistakes, with content around and within them. */
    static List<Case> bad() {
        List<Case> cases = new ArrayList<>();
        for (Way way : Way.values()) {
            String path = way.path(way.own, false);
            String good = way.body(way.own, PROMPT, false);
            String quoted = "\"" + PROMPT + "\"";
            Stream.of(
                            good.substring(0, good.indexOf(PROMPT) + 8),
                            good.replace(quoted, PROMPT),
                            good.replace(quoted, quoted + quoted),
                            good.replace(quoted, "\"" + PROMPT + "\\q\""),
                            good.replace(quoted, "\"" + PROMPT + "\u0001\""),
                            good.replace(quoted, "[" + quoted + "]"),
                            good.replace(quoted, "{\"" + WORD + "\":1}"),
                            good.replace(quoted, "1e99999" + PROMPT),
                            good.replace(quoted, "[".repeat(1_500) + quoted),
                            good.replace("}", ",\"" + WORD + "\":" + quoted + "}"),
                            good + PROMPT,
                            PROMPT,
                            quoted,
                            "{\"" + WORD + "\":" + quoted + "}")
                    .map(body -> new Case(path, body))
                    .forEach(cases::add);
            byte[] broken = good.getBytes(StandardCharsets.UTF_8);
            broken[good.indexOf(PROMPT)] = (byte) 0xC3;
            cases.add(new Case(path, broken));
            cases.add(new Case(path, good, "content-encoding", WORD));
            cases.add(new Case(path, good, "content-encoding", "gzip"));
            List<String> headers =
                    List.of(
                            "x-pillion-caller",
                            "x-pillion-tags",
                            "x-pillion-prefer",
                            "x-pillion-failover",
                            "x-pillion-lossy",
                            "x-pillion-max-cost-usd",
                            "x-pillion-deadline-ms",
                            "x-pillion-passthrough");
            for (String header : way.compareTo(Way.CHAT) <= 0 ? headers : headers.subList(0, 2)) {
                cases.add(new Case(path, good, header, PROMPT + " !"));
            }
        }
        cases.addAll(badFields());
        return cases;
    }

    /** A value that its field does not take; content stands in the value itself. */
    private static List<Case> badFields() {
        List<Case> cases = new ArrayList<>();
        for (String field :
                List.of(
                        "'temperature':'%s'",
                        "'max_tokens':'%s'",
                        "'stop':{'%w':1}",
                        "'stop':'%s'",
                        "'tools':'%s'",
                        "'tools':[{'type':'function','name':'%w !','function':{'name':'%w !'}}]",
                        "'tool_choice':'%w'",
                        "'response_format':{'type':'%w'}",
                        "'output':{'schema':'%s'}",
                        "'system':{'%w':1}",
                        "'thinking':{'type':'%w'}",
                        "'metadata':'%s'",
                        "'cache':'%w'",
                        "'websearch':{'via':'%w'}",
                        "'tags':{'%w !':'x'}",
                        "'previous_response_id':'%w'",
                        "'generationConfig':{'responseMimeType':'%w'}",
                        "'contents':'%s'",
                        "'input':{'%w':2}",
                        "'messages':[{'role':'user','content':[{'type':'image_url',"
                                + "'image_url':{'url':'%s'}}]}]",
                        "'messages':[{'role':'user','content':[{'type':'text','text':7},"
                                + "'%s']}]",
                        "'messages':[{'role':'tool','tool_call_id':'%w','content':'%s'}]",
                        "'messages':[{'role':'assistant','content':'x','tool_calls':[{'id':'1',"
                            + "'type':'function','function':{'name':'f','arguments':'%s'}}]}]")) {
            String text = json(field.replace("%s", ARGUMENT).replace("%w", WORD));
            for (String path :
                    List.of(
                            "/v1/generate",
                            "/v1/chat/completions",
                            "/v1/messages",
                            "/v1/responses",
                            "/v1beta/models/gemini-2.5-flash:generateContent")) {
                String model = path.length() % 2 == 0 ? "openai/gpt-4.1" : "xai/grok-4.6";
                cases.add(new Case(path, "{\"model\":\"" + model + "\"," + text + "}"));
            }
        }
        return cases;
    }

    /** Bytes on a connection that are no good request. */
    static List<String> rawBad() {
        String host = " HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer " + TOKEN + "\r\n";
        return List.of(
                PROMPT + "\r\n\r\n",
                "GET /" + host + PROMPT + "\r\n\r\n",
                "GET /" + host + "x: " + PROMPT + "\r\nx y: 1\r\n\r\n",
                PROMPT + " /v1/generate" + host + "\r\n",
                "GET /" + PROMPT + "/%00" + host + "\r\n",
                "GET /" + PROMPT + host + "\r\n",
                "GET /v1/models/" + PROMPT + host + "\r\n",
                "GET /v1/models?key=" + CLIENT_KEY + host + "\r\n",
                "DELETE /v1/generate?" + PROMPT + host + "\r\n",
                "GET / HTTP/1.1\r\nhost: " + PROMPT + "\r\n\r\n",
                "GET / HTTP/9.9" + PROMPT + "\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer "
                        + CLIENT_KEY
                        + "\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: "
                        + TOKEN
                        + "\r\n\r\n",
                "POST /v1/generate" + host + "content-length: " + PROMPT + "\r\n\r\n",
                "POST /v1/generate" + host + "content-length: 99\r\n\r\n{\"" + PROMPT,
                "POST /v1/generate" + host + "transfer-encoding: chunked\r\n\r\n" + PROMPT + "\r\n",
                "POST /v1/generate" + host + "expect: " + PROMPT + "\r\ncontent-length: 1\r\n\r\nx",
                "POST /v1/generate" + host + "x: " + PROMPT.repeat(4_000) + "\r\n\r\n",
                "POST /v1/generate" + host + "traceparent: " + PROMPT + "\r\n\r\n");
    }

    /** Documents that are wrong near a key, or where a key stands in the wrong place. */
    static List<String> badDocuments() {
        String head = "version: 1\nproviders:\n  openai:\n    base_url: http://127.0.0.1:1\n";
        List<String> cases = new ArrayList<>();
        for (String key : List.of(SPARE_KEY, "'" + SPARE_KEY + " '", HOUSE_KEY, PLAIN_KEY)) {
            cases.add(head + "    keys: " + key);
            cases.add(head + "    keys: [" + key + "]");
            cases.add(head + "    keys: [{id: o1, valeu: " + key + "}]");
            cases.add(head + "    keys: [{id: o1, value: [" + key + "]}]");
            cases.add(head + "    keys: [{id: o1, value: {v: " + key + "}}]");
            cases.add(head + "    keys: [{id: o1, value: " + key + ", value: " + key + "}]");
            cases.add(head + "    keys: [{id: o1, value: " + key + ", weight: " + key + "}]");
            cases.add(head + "    keys: [{id: o1, value: " + key);
            cases.add(head + "    keys: [{id: o1, value: \"" + key + "}]");
            cases.add(head + "    keys: [{id: o1, value: *" + key + "}]");
            cases.add(head + "    keys: [{id: o1, value: !!" + key + " x}]");
            cases.add(head + "    keys: [{id: o1, value: @" + key + "}]");
            cases.add(head + "    keys: [{id: o1, value: x, not_before: " + key + "}]");
            cases.add(head + "    keys: [{id: o1, value: x, state: " + key + "}]");
            cases.add(head + "    api_key: " + key + "\n    keys: [{id: o1, value: x}]");
            cases.add(head + "    keys: [{id: o1, value: file:/nowhere/" + "x}]\n    key: " + key);
            cases.add("version: 1\nproviders: {openai: " + key + "}");
            cases.add("{\"version\":1,\"providers\":{\"openai\":{\"keys\":[\"" + key + "\"");
        }
        cases.add(head + "    keys: [{id: " + SPARE_KEY + ", value: x y}]");
        cases.add(head.replace("127.0.0.1:1", "u:" + SPARE_KEY + "@127.0.0.1:1 "));
        return cases;
    }
}
