package dev.pillion.adapters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostFactsTest {
    private static CostFacts of(String body, String vendor) {
        return CostFacts.of(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), vendor);
    }

    private static CostFacts of(String body) {
        return of(body, null);
    }

    @ParameterizedTest
    @CsvSource({"hello world,11", "北京市,9", "😀,4", "1234,4", "é,2"})
    void textIsTakenAtMoreTokensThanATokenizerMakesOfIt(String text, int bytes) {
        long with = of("{'messages':[{'role':'user','content':'" + text + "'}]}").textTokens();
        long without = of("{'messages':[{'role':'user','content':''}]}").textTokens();
        boolean letters = text.matches("[a-z ]+");
        double most = letters ? bytes * 0.6 : bytes;
        assertEquals(most, (double) (with - without), 1.0);
    }

    @Test
    @DisplayName("base64 as text may be a token a byte; as a picture it is no text")
    void codedTextCountsWhole() {
        String coded = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo".repeat(100);
        CostFacts text = of("{'messages':[{'role':'user','content':'" + coded + "'}]}");
        assertTrue(text.textTokens() > coded.length() * 0.98, () -> "" + text.textTokens());
        CostFacts image =
                of(
                        "{'messages':[{'role':'user','content':[{'type':'image','data':'"
                                + coded
                                + "','media_type':'image/png'}]}]}");
        assertEquals(1, image.images());
        assertTrue(image.textTokens() < 100, () -> "" + image.textTokens());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'messages':[{'content':[{'type':'image_url','image_url':{'url':'https://x'}}]}]}",
                "{'input':[{'content':[{'type':'input_image','image_url':'https://x'}]}]}",
                "{'messages':[{'content':[{'type':'image','source':{'type':'url','url':'u'}}]}]}",
                "{'contents':[{'parts':[{'inlineData':{'mimeType':'image/png','data':'AA'}}]}]}",
                "{'contents':[{'parts':[{'fileData':{'mimeType':'image/png','fileUri':'u'}}]}]}"
            })
    void picturesAreCountedOnEverySurface(String body) {
        assertEquals(1, of(body).images());
        assertNull(of(body).unsized());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai|{'messages':[{'content':[{'type':'file','file':{'file_data':'AA'}}]}]}",
                "openai|{'input':[{'content':[{'type':'input_file','file_url':'https://x'}]}]}",
                "openai|{'messages':[{'content':[{'type':'input_audio','input_audio':{}}]}]}",
                "openai|{'input':'go on','previous_response_id':'resp_1'}",
                "openai|{'input':'go on','conversation':'conv_1'}",
                "anthropic|{'messages':[{'content':[{'type':'document','source':{'type':'url'}}]}]}",
                "gemini|{'contents':[],'cachedContent':'cachedContents/1'}",
                "gemini|{'contents':[{'parts':[{'inlineData':{'mimeType':'audio/wav'}}]}]}",
                "gemini|{'contents':[{'parts':[{'fileData':{'fileUri':'https://youtu.be/x'}}]}]}"
            })
    void whatNobodyCanMeasureIsNamed(String vendor, String body) {
        assertNotNull(of(body, vendor).unsized());
        assertNull(of(body, vendor).unbounded());
    }

    @Test
    void aDocumentOfTextIsText() {
        CostFacts facts =
                of(
                        "{'messages':[{'content':[{'type':'document','source':{'type':'text',"
                                + "'media_type':'text/plain','data':'some words'}}]}]}",
                        "anthropic");
        assertNull(facts.unsized());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "code_execution|{'tools':[{'type':'code_execution_20250825','name':'c'}]}",
                "advisor|{'tools':[{'type':'advisor_20260301','name':'advisor'}]}",
                "mcp|{'tools':[{'type':'mcp','server_label':'x','server_url':'https://x'}]}",
                "mcp_servers|{'mcp_servers':[{'url':'https://x'}]}",
                "image_generation|{'tools':[{'type':'image_generation'}],'max_tool_calls':1}",
                "file_search|{'tools':[{'type':'file_search','vector_store_ids':['v']}]}",
                "urlContext|{'tools':[{'urlContext':{}}]}",
                "codeExecution|{'vendor':{'gemini':{'tools':[{'codeExecution':{}}]}}}",
                "web_fetch|{'tools':[{'type':'web_fetch_20250910','name':'web_fetch'}]}",
                "reasoning.mode|{'reasoning':{'mode':'pro'}}",
                "fallbacks|{'fallbacks':[{'model':'m'}]}",
                "prompt|{'prompt':{'id':'pmpt_1'}}",
                "no object|[1]",
                "no JSON|{"
            })
    void whatMayCostAnythingIsNamed(String name, String body) {
        String wild = of(body).unbounded();
        assertNotNull(wild);
        assertTrue(wild.contains(name), wild);
    }

    @Test
    void boundsOfSearchesAndToolsAreFound() {
        assertEquals(0, of("{'tools':[{'type':'function','function':{'name':'f'}}]}").searches());
        assertEquals(0, of("{'tools':[{'functionDeclarations':[{'name':'f'}]}]}").searches());
        assertNull(of("{'websearch':{}}").searches());
        assertEquals(3, of("{'websearch':{'max_uses':3}}").searches());
        assertNull(of("{'web_search_options':{}}").searches());
        assertNull(of("{'tools':[{'googleSearch':{}}]}").searches());
        assertEquals(4, of("{'tools':[{'type':'web_search'}],'max_tool_calls':4}").searches());
        String two =
                "{'tools':[{'type':'web_search_20250305','max_uses':2},"
                        + "{'type':'web_fetch_20250910','max_uses':5}]}";
        assertEquals(2, of(two).searches());
        assertEquals(5, of(two).calls());
        assertEquals(8, of(two).rounds(2));
        String files = "{'tools':[{'type':'file_search'}],'max_tool_calls':6}";
        assertEquals(6, of(files).calls());
        assertEquals(Set.of("file_search"), of(files).fees());
    }

    @Test
    void answersTiersAndCachesAreFound() {
        assertEquals(5, of("{'n':5}").answers());
        assertEquals(3, of("{'generationConfig':{'candidateCount':3}}").answers());
        assertEquals(2, of("{'vendor':{'openai':{'n':2}}}").answers());
        assertEquals(Set.of("flex"), of("{'service_tier':'flex'}").tiers());
        assertEquals(Set.of("fast"), of("{'speed':'fast'}").tiers());
        assertTrue(of("{'system':[{'cache_control':{'ttl':'1h'}}]}").longCache());
        assertFalse(of("{'system':[{'cache_control':{'ttl':'5m'}}]}").longCache());
        assertTrue(of("{'context_management':[{'type':'compaction'}]}").compacts());
    }

    @Test
    void whatAToolIsCalledWithIsTextWhateverItsFieldsAreCalled() {
        CostFacts facts =
                of(
                        "{'messages':[{'content':[{'type':'tool_use','input':"
                                + "{'type':'image','url':'https://x/long-address'}}]}],'tools':"
                                + "[{'name':'f','input_schema':{'properties':"
                                + "{'x':{'type':'image'}}}}]}");
        assertEquals(0, facts.images());
        assertTrue(facts.textTokens() > 40, () -> "" + facts.textTokens());
    }
}
