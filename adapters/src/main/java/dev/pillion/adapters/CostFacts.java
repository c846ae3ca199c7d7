package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request's body says that bounds what it may cost, or lets nothing bound it, by the names
 * of the fields of all surfaces: of the OpenAI API 2.3.0, the Anthropic API 2026-11-20, the Gemini
 * API v1beta and docs.x.ai, all as of 2026-11-22, and of the uniform interface.
 *
 * @param textTokens more than any tokenizer makes of all text in it
 * @param images pictures, here or elsewhere; vendors bound what one takes
 * @param vendorTools tools of the vendor's, each of which brings a prompt of its own
 * @param unsized what takes a number of tokens that nobody can tell from here, so that only the
 *     model's context bounds the prompt; null: nothing does
 * @param answers how many answers are asked for
 * @param searches bound of the searches of the web; 0: none are made; null: no bound is stated
 * @param calls bound of what other tools the vendor runs by itself, all together
 * @param fees of those tools, by the catalog's words
 * @param compacts whether the vendor may sum up the conversation first, which is an answer more
 * @param unbounded what may cost anything, and why; null: nothing
 * @param tiers service tiers asked for; empty: none is
 * @param longCache whether some of it may be kept in the vendor's cache for longer than usual
 */
public record CostFacts(
        long textTokens,
        int images,
        int vendorTools,
        @Nullable String unsized,
        int answers,
        @Nullable Integer searches,
        int calls,
        Set<String> fees,
        boolean compacts,
        @Nullable String unbounded,
        Set<String> tiers,
        boolean longCache) {

    public CostFacts {
        fees = Set.copyOf(fees);
        tiers = Set.copyOf(tiers);
    }

    /**
     * Prompts that the vendor may make of the request by itself, where its searches are bounded.
     */
    public int rounds(int searched) {
        return 1 + searched + calls;
    }

    /**
     * The facts of a body; of what is no JSON object nothing is bounded.
     *
     * @param vendor whose surface it came in on; null: the uniform one
     */
    public static CostFacts of(byte[] body, @Nullable String vendor) {
        try {
            JsonNode root = Json.read(body);
            var scan = new CostScan();
            if (root instanceof ObjectNode object) {
                scan.root(object);
            } else {
                scan.unbounded("a body that is no object");
            }
            for (Stored each : StoredNames.in(body, vendor)) {
                scan.unsized(each.field());
            }
            return scan.facts();
        } catch (MalformedJson _) { // Whoever has to understand it says so.
            var scan = new CostScan();
            scan.unbounded("a body that is no JSON");
            return scan.facts();
        }
    }
}
