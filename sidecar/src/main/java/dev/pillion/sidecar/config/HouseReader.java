package dev.pillion.sidecar.config;

import dev.pillion.adapters.Capability;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is the house's own: {@code aliases}, {@code callers} and {@code websearch}. */
final class HouseReader {
    private static final long LARGEST_UID = 4_294_967_294L;

    private HouseReader() {}

    /**
     * An alias may have the name of a vendor's model, which it then hides (the qualified id still
     * reaches it); so it holds no slash, and no colon, which marks a class.
     */
    static Map<String, AliasConfig> aliases(Fields document, ModelIndex index) {
        var all = new LinkedHashMap<String, AliasConfig>();
        for (Fields.Named entry : document.members("aliases")) {
            Cursor member = entry.at();
            if (!entry.name().matches("[A-Za-z0-9._@+-]{1,100}")) {
                String expected = "letters, digits and . _ @ + -, at most 100 long";
                member.problems().add(member, "not an alias's name", expected);
            }
            AliasConfig alias = alias(member, index);
            if (alias != null) {
                all.put(entry.name(), alias);
            }
        }
        return all;
    }

    private static @Nullable AliasConfig alias(Cursor at, ModelIndex index) {
        switch (at.node()) {
            case Node.Items items when items.items().isEmpty() -> at.wrong("at least one model");
            case Node.Items items -> {
                return new AliasConfig.Models(index.resolveAll(at.items()));
            }
            case Node.Entries entries -> {
                Fields fields = Fields.of(at, Shape.ALIAS);
                fields.need("class", Cursor.oneOf(Cursor.words(ModelClass.class)));
                ModelClass named = fields.word("class", ModelClass.class, ModelClass.BALANCED);
                return new AliasConfig.OfClass(
                        named, fields.words("needs", Capability.class, Set.of()));
            }
            case Node.Scalar s -> at.wrong("a list of models, or {class: …, needs: […]}");
        }
        return null;
    }

    static Map<String, CallerConfig> callers(Fields document, Set<String> providers) {
        var all = new LinkedHashMap<String, CallerConfig>();
        for (Fields.Named entry : document.members("callers")) {
            Cursor member = entry.at();
            if (!entry.name().matches("[A-Za-z0-9._-]{1,64}")) {
                String expected = "letters, digits and . _ -, at most 64 long";
                member.problems().add(member, "not a caller's name", expected);
            }
            all.put(entry.name(), caller(entry.name(), member, providers));
        }
        return all;
    }

    private static CallerConfig caller(String name, Cursor at, Set<String> providers) {
        Fields fields = Fields.of(at, Shape.CALLER);
        Fields limits = fields.open("limits", Shape.CALLER_LIMITS);
        return new CallerConfig(
                name,
                uids(fields.items("uids")),
                new CallerConfig.Limits(
                        limits.integer("rpm", 1, Long.MAX_VALUE),
                        limits.integer("tpm", 1, Long.MAX_VALUE),
                        limits.integer("concurrency", 1, Long.MAX_VALUE)),
                fields.amount("budget_usd_per_day"),
                allow(fields, providers));
    }

    private static Set<Long> uids(List<Cursor> items) {
        var all = new LinkedHashSet<Long>();
        for (Cursor item : items) {
            Long uid = item.integer(0, LARGEST_UID);
            if (uid != null && !all.add(uid)) {
                item.wrong("each uid once");
            }
        }
        return all;
    }

    private static CallerConfig.@Nullable Allow allow(Fields caller, Set<String> providers) {
        if (caller.get("allow") == null) {
            return null;
        }
        Fields fields = caller.open("allow", Shape.ALLOW);
        Set<ModelClass> classes =
                fields.get("classes") == null
                        ? null
                        : Set.copyOf(fields.words("classes", ModelClass.class, Set.of()));
        if (fields.get("providers") == null) {
            return new CallerConfig.Allow(classes, null);
        }
        var allowed = new LinkedHashSet<String>();
        for (Cursor item : fields.items("providers")) {
            String name = item.text();
            if (name != null && !providers.contains(name)) {
                item.wrong("a provider's name", Nearest.hint(name, providers));
            } else if (name != null) {
                allowed.add(name);
            }
        }
        return new CallerConfig.Allow(classes, Set.copyOf(allowed));
    }

    static int assumedTokens(Fields document) {
        return document.open("websearch", Shape.WEBSEARCH)
                .integer("assumed_tokens", Config.ASSUMED_SEARCH_TOKENS, 0, 1_000_000);
    }

    static @Nullable Integer assumedSearches(Fields document) {
        Long assumed =
                document.open("websearch", Shape.WEBSEARCH).integer("assumed_searches", 0, 1_000);
        return assumed == null ? null : assumed.intValue();
    }

    static @Nullable InjectConfig inject(Fields document) {
        Fields websearch = document.open("websearch", Shape.WEBSEARCH);
        if (websearch.get("inject") == null) {
            return null;
        }
        Fields fields = websearch.open("inject", Shape.INJECT);
        fields.need("engine", Cursor.oneOf(Cursor.words(InjectConfig.Engine.class)));
        var engine = fields.word("engine", InjectConfig.Engine.class);
        boolean own = engine == InjectConfig.Engine.SEARXNG;
        Cursor urlAt =
                own ? fields.need("base_url", "where the SearXNG serves") : fields.get("base_url");
        Cursor keyAt =
                own || engine == null
                        ? fields.get("key")
                        : fields.need("key", "the key of that engine");
        URI url = urlAt == null ? null : ProvidersReader.url(urlAt);
        return new InjectConfig(
                engine == null ? InjectConfig.Engine.SEARXNG : engine,
                url,
                keyAt == null ? null : SecretRef.read(keyAt),
                fields.integer("max_pages", 5, 1, 50),
                fields.integer("max_bytes", 1 << 20, 1024, 32 << 20),
                fields.duration("timeout", Duration.ofSeconds(10)));
    }
}
