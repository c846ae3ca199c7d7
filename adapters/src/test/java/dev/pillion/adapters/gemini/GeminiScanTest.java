package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one scan finds in a request is what decoding it finds. */
class GeminiScanTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/gemini/surface/request");

    /** The facts of both; empty where the request can't be decoded at all. */
    private static Optional<String> decoded(Surface surface) {
        try {
            return Optional.of(
                    facts(GeminiScan.decoded(surface, GeminiRequestDecoder.decode(surface))));
        } catch (FaultException e) {
            return Optional.empty();
        }
    }

    private static String facts(Outline outline) {
        return outline.model()
                + " "
                + outline.stream()
                + " "
                + outline.needs()
                + " "
                + outline.refusable()
                + " "
                + outline.maxOutputTokens()
                + " "
                + outline.bodyBytes();
    }

    /** True where the scan alone sufficed. */
    private static boolean agrees(Surface surface, String id) {
        Optional<String> expected = decoded(surface);
        Outline outline;
        try {
            outline = GeminiScan.scan(surface);
        } catch (FaultException e) {
            assertTrue(expected.isEmpty(), id + ": " + e.getMessage());
            return false;
        }
        expected.ifPresent(facts -> assertEquals(facts, facts(outline), id));
        return outline.decoded() == null;
    }

    private static Surface surface(String path, String query, JsonNode body) {
        return new Surface(
                path, query, Headers.NONE, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini", "other"})
    void theScanOfEveryRecordedRequestFindsWhatItsDecodingFinds(String provider) {
        List<Recording> all = new ArrayList<>();
        all.addAll(Corpus.read(provider + ".jsonl", "generateContent"));
        all.addAll(Corpus.read(provider + ".jsonl", "streamGenerateContent"));
        int scanned = 0;
        for (Recording recording : all) {
            String path = recording.path().replaceAll("[<>]", "");
            int mark = path.indexOf('?');
            Surface surface =
                    surface(
                            mark < 0 ? path : path.substring(0, mark),
                            mark < 0 ? null : path.substring(mark + 1),
                            recording.requestBody());
            scanned += agrees(surface, recording.id()) ? 1 : 0;
        }
        System.out.printf("%s: %d of %d scanned without a tree%n", provider, scanned, all.size());
        assertEquals(all.size(), scanned);
    }

    @Test
    void theScanOfEveryGoldenRequestFindsWhatItsDecodingFinds() throws Exception {
        int scanned = 0;
        try (var folders = Files.list(GOLDEN)) {
            for (Path folder : folders.toList()) {
                JsonNode client = Corpus.json(Files.readAllBytes(folder.resolve("client.json")));
                Surface surface =
                        surface(
                                client.path("path").asText(),
                                client.path("query").asText(null),
                                client.path("body"));
                scanned += agrees(surface, folder.toString()) ? 1 : 0;
            }
        }
        assertTrue(scanned > 0);
    }

    @Test
    @DisplayName("F4 F54: a request broken in one place is scanned as it is decoded, or refused")
    void aBrokenRequestIsScannedAsItIsDecoded() {
        int scanned = 0;
        List<JsonNode> broken = GeminiMutatedRequestsTest.broken();
        for (JsonNode body : broken) {
            Surface surface = surface(GeminiSurface.STREAM, "alt=sse", body);
            scanned += agrees(surface, body.toString()) ? 1 : 0;
        }
        System.out.printf("%d of %d broken requests scanned%n", scanned, broken.size());
        assertTrue(scanned > 0);
    }

    private static Outline scan(String body) {
        return GeminiScan.scan(GeminiSurface.surface(GeminiSurface.WHOLE, null, body));
    }

    private static String turns(String call, String rest) {
        return "{'contents':[{'parts':[{'text':'a'}]},{'role':'model','parts':["
                + call
                + "]},{'parts':[{'functionResponse':{'name':'f','response':{}}}]}"
                + rest
                + "]}";
    }

    @Test
    @DisplayName("F28: calls that lost their signature since the user's last word are noticed")
    void callsThatLostTheirSignatureAreNoticed() {
        String bare = "{'functionCall':{'name':'f'}}";
        String signed = "{'functionCall':{'name':'f'},'thought_signature':'YQ=='}";
        assertTrue(scan(turns(bare, "")).unsignedCalls());
        assertEquals(false, scan(turns(signed, "")).unsignedCalls());
        assertEquals(false, scan(turns(signed + "," + bare, "")).unsignedCalls());
        String split = signed + "]},{'role':'model','parts':[" + bare;
        assertEquals(false, scan(turns(split, "")).unsignedCalls(), "one turn in two contents");
        String later = ",{'role':'model','parts':[{'text':'b'}]},{'parts':[{'text':'c'}]}";
        assertEquals(false, scan(turns(bare, later)).unsignedCalls(), "an older turn");
    }

    @Test
    @DisplayName("F28 F29: what only Pillion can read is decoded, the vendor's own state is not")
    void whatOnlyPillionCanReadIsDecoded() {
        String call = "{'functionCall':{'id':'%s','name':'f'},'thoughtSignature':'%s'}";
        String own = GeminiSeals.write(new Seal("openai", "main", null, "x"));
        assertNull(scan(turns(call.formatted("x1", "CrgB+/8="), "")).decoded());
        assertNotNull(scan(turns(call.formatted("x1", own), "")).decoded());
        assertNotNull(
                scan(turns(call.formatted("gcall_0123456789abcdef_0", "YQ=="), "")).decoded());
        assertNull(scan("{'contents':{'parts':{'text':'say pillion:'}}}").decoded());
    }
}
