package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.PrefixCache;
import dev.pillion.sidecar.simulate.kit.Seals;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The prompt cache: what stands before a mark is written once, and read when it comes again within
 * its lifetime. From each mark the vendor looks back over twenty blocks.
 */
final class PromptCache {
    private static final int LOOK_BACK = 20;
    private final PrefixCache seen;

    PromptCache(PrefixCache seen) {
        this.seen = seen;
    }

    /** A block of the prompt: the digest of all up to it, their tokens, its lifetime if marked. */
    private record Segment(String digest, int tokens, @Nullable String ttl) {}

    PromptUsage account(AnthropicRequest request, String account) {
        var segments = segments(request, account);
        int total = request.promptTokens();
        int read = 0;
        int covered = 0;
        int written5m = 0;
        int written1h = 0;
        for (int i = 0; i < segments.size(); i++) {
            var mark = segments.get(i);
            if (mark.ttl == null || mark.tokens < request.model().minCacheTokens()) {
                continue;
            }
            int found = longestSeen(segments, i);
            if (found > covered) {
                read = found;
                covered = found;
                written5m = 0;
                written1h = 0;
            }
            int fresh = mark.tokens - covered;
            written5m += mark.ttl.equals("1h") ? 0 : fresh;
            written1h += mark.ttl.equals("1h") ? fresh : 0;
            covered = mark.tokens;
            seen.keep(mark.digest, Duration.ofMinutes(mark.ttl.equals("1h") ? 60 : 5));
        }
        return new PromptUsage(total - covered, read, written5m, written1h);
    }

    private int longestSeen(List<Segment> segments, int mark) {
        for (int i = mark; i >= Math.max(0, mark - LOOK_BACK); i--) {
            if (seen.holds(segments.get(i).digest)) {
                return segments.get(i).tokens;
            }
        }
        return 0;
    }

    private static List<Segment> segments(AnthropicRequest request, String account) {
        var segments = new ArrayList<Segment>();
        var start = new Segment(Seals.digest(account + request.modelId()), 0, null);
        request.tools().forEach(tool -> append(segments, start, "tool", tool));
        var system = request.body().path("system");
        if (system.isTextual()) {
            append(segments, start, "system", AnthropicAnswerer.text(system.textValue()));
        }
        Trees.items(system).forEach(block -> append(segments, start, "system", block));
        for (var turn : request.turns()) {
            turn.blocks().forEach(block -> append(segments, start, turn.role(), block.node()));
        }
        markAll(segments, request.body().path("cache_control"));
        return segments;
    }

    private static void append(
            List<Segment> segments, Segment start, String place, JsonNode block) {
        var before = segments.isEmpty() ? start : segments.getLast();
        var plain = block.deepCopy();
        if (plain instanceof ObjectNode object) {
            object.remove("cache_control");
        }
        segments.add(
                new Segment(
                        Seals.digest(before.digest + place + Trees.write(plain)),
                        before.tokens + Tokens.of(plain),
                        ttl(block.path("cache_control"))));
    }

    /** The top-level mark stands for one on the last block. */
    private static void markAll(List<Segment> segments, JsonNode automatic) {
        var ttl = ttl(automatic);
        if (ttl != null && !segments.isEmpty()) {
            var last = segments.getLast();
            segments.set(segments.size() - 1, new Segment(last.digest, last.tokens, ttl));
        }
    }

    private static @Nullable String ttl(JsonNode mark) {
        return mark.isObject() ? Trees.string(mark, "ttl", "5m") : null;
    }
}
