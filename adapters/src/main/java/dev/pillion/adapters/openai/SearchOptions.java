package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code web_search_options}: the wish for web search in Chat Completions. OpenAI's own models that
 * heeded it are gone since 2026-07-23, and search by the Responses API now; compatible servers heed
 * it still.
 */
final class SearchOptions {
    static final String FIELD = "web_search_options";
    private static final String SIZE = "search_context_size";
    private static final String PLACE = "user_location";
    private static final String ABOUT = "approximate";

    private SearchOptions() {}

    /** How much of the pages to read is a hint; what is not known here binds. */
    static WebSearch decode(JsonNode value, String at) {
        ObjectNode options = Fields.object(value, at);
        ObjectNode rest = Fields.unknown(options, Set.of(SIZE, PLACE));
        boolean more = !rest.isEmpty();
        String size = Fields.stringOrNull(options, SIZE, at);
        if (size != null) {
            rest.put(SIZE, size);
        }
        return new WebSearch(
                WebSearch.Via.AUTO,
                null,
                List.of(),
                List.of(),
                location(options, at),
                null,
                rest.isEmpty() ? Extras.NONE : new Extras(Map.of(Marks.SPEAKS, rest), !more));
    }

    private static WebSearch.@Nullable Location location(ObjectNode options, String at) {
        if (!options.hasNonNull(PLACE)) {
            return null;
        }
        String pointer = at + "/" + PLACE;
        ObjectNode typed = Fields.object(options.get(PLACE), pointer);
        boolean nested = typed.hasNonNull(ABOUT);
        ObjectNode place = nested ? Fields.object(typed.get(ABOUT), pointer + "/" + ABOUT) : typed;
        pointer = nested ? pointer + "/" + ABOUT : pointer;
        return new WebSearch.Location(
                Fields.stringOrNull(place, "city", pointer),
                Fields.stringOrNull(place, "region", pointer),
                Fields.stringOrNull(place, "country", pointer),
                Fields.stringOrNull(place, "timezone", pointer));
    }

    /** Writes the wish; what the field has no word for is refused by name. */
    static void encode(WebSearch search, Losses losses, ObjectNode body) {
        losses.loseForeign(search.extras(), Marks.SPEAKS, "/websearch");
        if (search.via() == WebSearch.Via.INJECT) {
            losses.lose("/websearch/via", "a search by the vendor, where injection is asked for");
        }
        if (search.maxUses() != null) {
            losses.lose("/websearch/max_uses", "the number of searches can't be bounded here");
        }
        if (!search.allowedDomains().isEmpty()) {
            losses.lose("/websearch/allowed_domains", "Chat Completions searches all domains");
        }
        if (!search.blockedDomains().isEmpty()) {
            losses.lose("/websearch/blocked_domains", "Chat Completions searches all domains");
        }
        ObjectNode options = Json.object();
        ObjectNode own = search.extras().forVendor(Marks.SPEAKS);
        if (own != null && own.hasNonNull(SIZE)) {
            options.set(SIZE, own.get(SIZE));
        }
        location(search.location(), options);
        body.set(FIELD, options);
    }

    private static void location(WebSearch.@Nullable Location location, ObjectNode options) {
        if (location == null) {
            return;
        }
        ObjectNode place = options.putObject(PLACE).put("type", ABOUT).putObject(ABOUT);
        put(place, "city", location.city());
        put(place, "region", location.region());
        put(place, "country", location.country());
        put(place, "timezone", location.timezone());
    }

    private static void put(ObjectNode place, String name, @Nullable String value) {
        if (value != null) {
            place.put(name, value);
        }
    }
}
