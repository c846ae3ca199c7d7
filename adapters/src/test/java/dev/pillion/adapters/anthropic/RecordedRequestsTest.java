package dev.pillion.adapters.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.corpus.AnthropicRules;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Exclusions;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.Plain;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every recorded request, decoded from the surface and encoded for the vendor again. */
final class RecordedRequestsTest {
    private static final Meaning MEANING = new Meaning(AnthropicRules.REQUEST);
    private static final Exclusions EXCLUDED = Exclusions.of("/corpus/anthropic-exclusions.txt");

    private static List<Recording> recordings() {
        return Corpus.read("anthropic.jsonl", "messages").stream()
                .filter(r -> r.requestBody() != null)
                .toList();
    }

    private static Surface surface(Recording recording) {
        var headers = Headers.builder();
        recording.requestHeaders().forEach(headers::add);
        return new Surface(
                recording.path(),
                headers.build(),
                recording.requestBody().toString().getBytes(StandardCharsets.UTF_8));
    }

    private static UpstreamCall encode(ChatRequest request) {
        var model = CorpusModels.of(request.model());
        return new AnthropicProvider()
                .encode(request, new EncodeContext(model, "anthropic", "main", false));
    }

    private static List<String> lost(Recording recording, ChatRequest request) {
        JsonNode body = Corpus.json(Samples.body(encode(request)).toString());
        return MEANING.differences(recording.requestBody(), body);
    }

    @Test
    void everyRecordedRequestKeepsItsMeaningThroughTheUniformForm() {
        int expressed = 0;
        int raw = 0;
        int excluded = 0;
        int values = 0;
        Map<String, Integer> rawNames = new TreeMap<>();
        List<String> refused = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        List<String> refusedThoughAccepted = new ArrayList<>();
        for (Recording recording : recordings()) {
            if (EXCLUDED.excludes(recording)) {
                excluded++;
                continue;
            }
            values += Meaning.leaves(MEANING.normal(recording.requestBody()));
            try {
                ChatRequest request = new AnthropicDialect().decode(surface(recording));
                List<String> differences = lost(recording, request);
                checkBetas(recording, request);
                if (!differences.isEmpty()) {
                    differences.forEach(d -> lost.add(recording + " " + d));
                } else if (isExpressed(recording, request)) {
                    expressed++;
                } else {
                    raw++;
                    rawNames(request).forEach(n -> rawNames.merge(n, 1, Integer::sum));
                }
            } catch (FaultException e) {
                String what = recording + " " + e.getMessage();
                refused.add(what);
                if (recording.isOk()) {
                    refusedThoughAccepted.add(what);
                }
            }
        }
        int all = recordings().size();
        System.out.printf(
                "anthropic requests: %d of %d expressed in the uniform fields, %d carried raw,"
                        + " %d refused by name, %d excluded, %d lost (%d values compared)%n",
                expressed, all, raw, refused.size(), excluded, lost.size(), values);
        refused.forEach(r -> System.out.println("  refused: " + r));
        rawNames.forEach((name, count) -> System.out.println("  raw: " + name + " in " + count));
        assertTrue(lost.isEmpty(), () -> String.join("\n", lost));
        assertEquals(List.of(), refusedThoughAccepted, "the vendor accepted these");
    }

    /** What a request carries raw, each name once. */
    private static Set<String> rawNames(ChatRequest request) {
        Set<String> names = new TreeSet<>();
        request.vendor().values().forEach(v -> v.fieldNames().forEachRemaining(names::add));
        names.addAll(names("", request.extras()));
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Vendor vendor) {
                names.add("tool " + vendor.definition().path("type").asText());
            } else {
                names.addAll(names("tool.", ((Tool.Function) tool).extras()));
            }
        }
        if (request.webSearch() != null) {
            names.addAll(names("web_search.", request.webSearch().extras()));
        }
        for (Message message : request.messages()) {
            names.addAll(names("message.", message.extras()));
            partNames(message.content(), names);
        }
        return names;
    }

    private static void partNames(List<Part> parts, Set<String> names) {
        for (Part part : parts) {
            names.addAll(names("block.", part.extras()));
            if (part instanceof Part.VendorItem item) {
                names.add("block " + item.item().path("type").asText());
            } else if (part instanceof Part.ToolResult result) {
                partNames(result.content(), names);
            }
        }
    }

    private static List<String> names(String prefix, Extras extras) {
        List<String> names = new ArrayList<>();
        var own = extras.forVendor(Api.NAME);
        if (own != null) {
            own.fieldNames().forEachRemaining(n -> names.add(prefix + n));
        }
        return names;
    }

    private static void checkBetas(Recording recording, ChatRequest request) {
        String asked = recording.requestHeaders().get("anthropic-beta");
        assertEquals(asked, encode(request).headers().get("anthropic-beta"), recording.id());
    }

    /** Whether the meaning survives without anything raw. */
    private static boolean isExpressed(Recording recording, ChatRequest request) {
        try {
            return lost(recording, Plain.of(request)).isEmpty();
        } catch (FaultException e) {
            return false; // Nothing is left of it without what was raw.
        }
    }

    @Test
    void theScanOfEveryRecordedRequestFindsWhatTheWholeDecodingFinds() {
        int scanned = 0;
        for (Recording recording : recordings()) {
            Surface surface = surface(recording);
            ChatRequest request;
            try {
                request = new AnthropicDialect().decode(surface);
            } catch (FaultException e) {
                continue;
            }
            Outline outline = new AnthropicDialect().outline(surface);
            String id = recording.id();
            assertEquals(request.model(), outline.model(), id);
            assertEquals(request.stream(), outline.stream(), id);
            assertEquals(request.output().maxTokens(), outline.maxOutputTokens(), id);
            assertEquals(Needs.of(request), outline.needs(), id);
            Set<Refusal> refusable = EnumSet.noneOf(Refusal.class);
            refusable.addAll(Needs.refusable(request));
            refusable.remove(Refusal.PREFILL);
            refusable.remove(Refusal.SAMPLING_THINKING); // The scan does not read the effort.
            Set<Refusal> found = EnumSet.noneOf(Refusal.class);
            found.addAll(outline.refusable());
            found.remove(Refusal.PREFILL);
            assertTrue(found.containsAll(refusable), id);
            String named =
                    new String(
                            surface.body(),
                            outline.modelStart(),
                            outline.modelEnd() - outline.modelStart(),
                            StandardCharsets.UTF_8);
            assertEquals('"' + request.model() + '"', named, id);
            scanned++;
        }
        System.out.printf("anthropic requests scanned and decoded alike: %d%n", scanned);
    }
}
