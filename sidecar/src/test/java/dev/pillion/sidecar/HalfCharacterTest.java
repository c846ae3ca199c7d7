package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON can escape half a character, UTF-8 can't say it: no vendor is ever sent a question mark. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HalfCharacterTest {
    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.FOUR);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v1/generate|'messages':[{'role':'user','content':'x\\ud83d'}]",
                "/v1/chat/completions|'messages':[{'role':'user','content':'x\\ud83d'}]",
                "/v1/responses|'input':'x\\ud83d'",
                "/v1/messages|'max_tokens':9,'messages':[{'role':'user','content':'x\\ud83d'}]",
            })
    @DisplayName("F54: half a character is refused on every surface that is translated")
    void halfACharacterIsRefused(String path, String rest) throws Exception {
        String body = ("{'model':'xai/grok-4.6'," + rest + "}").replace('\'', '"');
        HttpResponse<String> refused = bed.post(path, body);
        assertEquals(400, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("surrogate"), refused.body());
        HttpResponse<String> whole = bed.post(path, body.replace("\\ud83d", "\\ud83d\\udc4b"));
        assertEquals(200, whole.statusCode(), whole.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v1/generate|'messages':[{'role':'user','content':'x%'}]",
                "/v1/chat/completions|'messages':[{'role':'user','content':'x%'}]",
                "/v1/responses|'input':'x%'",
                "/v1/messages|'max_tokens':9,'messages':[{'role':'user','content':'x%'}]",
                "/v1/messages/count_tokens|'messages':[{'role':'user','content':'x%'}]",
                "/v1/embeddings|'input':'x%'",
            })
    @DisplayName("F54: a body that is not UTF-8 is refused on every surface, with the place")
    void bytesThatAreNotUtf8AreRefused(String path, String rest) throws Exception {
        String text = ("{'model':'openai/gpt-5.4-mini'," + rest + "}").replace('\'', '"');
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        body[text.indexOf('%')] = (byte) 0xC3;
        HttpResponse<String> refused = bed.post(path, body);
        assertEquals(400, refused.statusCode(), refused.body());
        String where = "not UTF-8 at byte " + text.indexOf('%');
        assertTrue(refused.body().contains(where), refused.body());
    }
}
