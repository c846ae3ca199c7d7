package dev.pillion.sidecar.config;

import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole configuration, checked and merged with the built-in catalog: every reference in it
 * resolves. Immutable; maps keep the order of the document.
 *
 * @param version what the document calls itself, monotonic at a central endpoint; 0: not said
 * @param providers by name, the four vendors always among them
 * @param models by qualified id ({@code provider/id}): the catalog's first, then the document's
 * @param aliases names of the house, by name
 * @param callers by name; {@code default} stands for whoever no other entry names
 * @param assumedSearches how many searches a request is taken to make at most, under a cost
 *     ceiling, that states no bound itself; null: such a request is refused there
 * @param assumedSearchTokens how many tokens one search is taken to bring into the prompt at most
 * @param inject how web search is done for models that have none; null: not at all
 * @param pricesAsOf the day that the prices were taken down
 */
public record Config(
        long version,
        Map<String, ProviderConfig> providers,
        Map<String, ModelConfig> models,
        Map<String, AliasConfig> aliases,
        Map<String, CallerConfig> callers,
        RoutingConfig routing,
        @Nullable InjectConfig inject,
        @Nullable Integer assumedSearches,
        int assumedSearchTokens,
        LocalDate pricesAsOf) {

    /** More than any search brought in, in 33 recorded answers with searches (51,879). */
    public static final int ASSUMED_SEARCH_TOKENS = 60_000;

    public Config {
        providers = ordered(providers);
        models = ordered(models);
        aliases = ordered(aliases);
        callers = ordered(callers);
    }

    /** An unmodifiable copy that keeps the order, which {@code Map.copyOf} does not. */
    static <K, V> Map<K, V> ordered(Map<K, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
