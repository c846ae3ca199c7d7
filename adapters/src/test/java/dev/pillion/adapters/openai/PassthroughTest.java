package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassthroughTest {
    private static final OpenAiChatDialect DIALECT = new OpenAiChatDialect();

    private static UpstreamCall call(Surface client) {
        return DIALECT.passthrough().call(client, DIALECT.outline(client), "new");
    }

    private static String sent(String body) {
        var sent = new ByteSink();
        call(OutlineTest.surface(body)).body().forEach(slice -> sent.write(slice.duplicate()));
        return new String(sent.toByteArray(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"model\" : \"old\" ,\"x\":[1.50, \"\\u00fc\"],\"messages\":[]}"
                        + "|{\"model\" : \"new\" ,\"x\":[1.50, \"\\u00fc\"],\"messages\":[]}",
                " {\"messages\":[]}| {\"model\":\"new\",\"messages\":[]}",
                "{\"messages\":[{\"role\":\"user\",\"model\":\"old\"}],\"model\":\"old\"}"
                    + "|{\"messages\":[{\"role\":\"user\",\"model\":\"old\"}],\"model\":\"new\"}",
                "{\"stream\":true,\"messages\":[],\"model\":\"old\"}"
                        + "|{\"stream_options\":{\"include_usage\":true},\"stream\":true,"
                        + "\"messages\":[],\"model\":\"new\"}",
                "{\"stream\":true,\"messages\":[]}"
                        + "|{\"model\":\"new\",\"stream_options\":{\"include_usage\":true},"
                        + "\"stream\":true,\"messages\":[]}",
                "{\"stream\":true,\"stream_options\":null,\"messages\":[],\"model\":\"old\"}"
                        + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                        + "\"messages\":[],\"model\":\"new\"}",
                "{\"stream\":true,\"stream_options\":{ },\"messages\":[],\"model\":\"old\"}"
                        + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true },"
                        + "\"messages\":[],\"model\":\"new\"}",
                "{\"stream\":true,\"stream_options\":{\"x\":{}},\"messages\":[],\"model\":\"old\"}"
                        + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true,\"x\":{}},"
                        + "\"messages\":[],\"model\":\"new\"}",
                "{\"stream\":true,\"stream_options\":{\"a\":[1],\"include_usage\" : false },"
                    + "\"messages\":[],\"model\":\"old\"}|{\"stream\":true,\"stream_options\":{\"a\":[1],\"include_usage\""
                    + " : true },\"messages\":[],\"model\":\"new\"}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":null},\"messages\":[],"
                        + "\"model\":\"old\"}"
                        + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                        + "\"messages\":[],\"model\":\"new\"}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[],"
                        + "\"model\":\"old\"}"
                        + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                        + "\"messages\":[],\"model\":\"new\"}",
                "{\"stream_options\":{\"include_usage\":false},\"messages\":[],\"model\":\"old\"}"
                        + "|{\"stream_options\":{\"include_usage\":false},\"messages\":[],"
                        + "\"model\":\"new\"}"
            })
    @DisplayName("F49: only the model's name and the wish for usage change")
    void onlyTheModelsNameAndTheWishForUsageChange(String body, String want) {
        assertEquals(want.strip(), sent(body).strip());
    }

    @Test
    void theBodyIsSlicedAndNotCopied() {
        Surface client = OutlineTest.surface("{\"model\":\"old\",\"messages\":[]}");
        UpstreamCall call = call(client);
        assertSame(client.body(), call.body().getFirst().array());
        assertSame(client.body(), call.body().getLast().array());
        assertEquals("/chat/completions", call.path());
    }

    @Test
    @DisplayName("F49: an unknown beta goes on, credentials and SDK noise do not")
    void anUnknownBetaGoesOnCredentialsAndNoiseDoNot() {
        var headers =
                Headers.of(
                        "openai-beta",
                        "x=v9",
                        "authorization",
                        "Bearer secret",
                        "x-stainless-os",
                        "l");
        byte[] body = "{\"messages\":[]}".getBytes(StandardCharsets.UTF_8);
        UpstreamCall call = call(new Surface("/v1/chat/completions", headers, body));
        assertEquals("x=v9", call.headers().get("openai-beta"));
        assertNull(call.headers().get("authorization"));
        assertNull(call.headers().get("x-stainless-os"));
    }
}
