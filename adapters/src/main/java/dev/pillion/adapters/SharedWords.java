package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor's surface says that the uniform form has no word for, but another vendor has: said
 * to that one in its own words. And what only helps the surface's vendor to keep its books or its
 * caches: left behind, and listed. All else stays raw, for the encoders to carry or to refuse.
 *
 * <p>End user: {@code user}, {@code safety_identifier} (OpenAI API 2.3.0, at most 64 characters in
 * the older schema), {@code metadata.user_id} (Anthropic API 2026-11-20). {@code top_k}: Anthropic,
 * Gemini, xAI. Service tiers {@code flex} and {@code priority}: OpenAI, Gemini, and the latter xAI.
 */
public final class SharedWords {
    private static final String ANTHROPIC = "anthropic";
    private static final String OPENAI = "openai";
    private static final String GEMINI = "gemini";
    private static final String XAI = "xai";

    private static final String USER = "user";
    private static final String SAFETY = "safety_identifier";
    private static final String METADATA = "metadata";
    private static final String TOP_K = "top_k";
    private static final String CONFIG = "generationConfig";
    private static final int MAX_USER_CHARS = 64;

    /** Hints that only their own vendor heeds; what else is a hint says what is so anyway. */
    private static final Map<String, Set<String>> OWN_HINTS =
            Map.of(
                    OPENAI,
                    Set.of("prompt_cache_key", "prompt_cache_options", "prompt_cache_retention"),
                    ANTHROPIC,
                    Set.of("cache_control", METADATA, "diagnostics", "anthropic-beta"),
                    GEMINI,
                    Set.of());

    private final String surface;
    private final String speaks;
    private final String provider;
    private final ObjectNode said;
    private final ObjectNode hints;
    private final Map<String, ObjectNode> extras;
    private final Map<String, ObjectNode> vendor;
    private final List<String> left = new ArrayList<>();

    /**
     * A request in the words of another vendor.
     *
     * @param left what is left behind of the surface's own hints, by field
     */
    public record Told(ChatRequest request, List<String> left) {}

    private SharedWords(ChatRequest request, String surface, String speaks, String provider) {
        this.surface = surface;
        this.speaks = speaks;
        this.provider = provider;
        this.extras = new HashMap<>(request.extras().byVendor());
        this.vendor = new HashMap<>(request.vendor());
        this.said = copy(extras.get(surface));
        this.hints = copy(vendor.get(surface));
    }

    private static ObjectNode copy(@Nullable ObjectNode fields) {
        return fields == null ? Json.object() : fields.deepCopy();
    }

    /**
     * The request as the vendor is to be told of it.
     *
     * @param surface the vendor whose surface it came in on; null: the uniform one
     */
    public static Told told(
            ChatRequest request, @Nullable String surface, String speaks, String provider) {
        if (surface == null || provider.equals(surface)) {
            return new Told(request, List.of());
        }
        var words = new SharedWords(request, surface, speaks, provider);
        return surface.equals(speaks) ? words.compatible(request) : words.told(request);
    }

    /** Of servers compatible to OpenAI's it is not known that they take its newer hints. */
    private Told compatible(ChatRequest request) {
        if (!surface.equals(OPENAI)) {
            return new Told(request, List.of());
        }
        hints();
        put(vendor, surface, hints);
        return new Told(
                with(request, request.extras(), vendor, request.webSearch()), List.copyOf(left));
    }

    private Told told(ChatRequest request) {
        user();
        topK();
        tier();
        bookkeeping();
        hints();
        nuances(request);
        WebSearch search = searchBound(request);
        put(extras, surface, said);
        put(vendor, surface, hints);
        Extras raw = extras.isEmpty() ? Extras.NONE : new Extras(extras, false);
        return new Told(with(request, raw, vendor, search), List.copyOf(left));
    }

    private static void put(Map<String, ObjectNode> all, String name, ObjectNode fields) {
        if (fields.isEmpty()) {
            all.remove(name);
        } else {
            all.put(name, fields);
        }
    }

    /** Where xAI is told in raw fields, it is in OpenAI's words. */
    private ObjectNode words() {
        String name = speaks.equals(XAI) ? OPENAI : speaks;
        return extras.computeIfAbsent(name, _ -> Json.object());
    }

    private void user() {
        if (surface.equals(OPENAI) && !speaks.equals(XAI)) {
            JsonNode user = said.hasNonNull(SAFETY) ? said.get(SAFETY) : said.get(USER);
            if (speaks.equals(ANTHROPIC) && user != null && user.isTextual()) {
                vendor.computeIfAbsent(ANTHROPIC, _ -> Json.object())
                        .putObject(METADATA)
                        .put("user_id", hash(user.textValue())); // It must not name a person.
                said.remove(List.of(SAFETY, USER));
            }
            leave(said, SAFETY);
            leave(said, USER);
        } else if (surface.equals(ANTHROPIC) && !speaks.equals(GEMINI)) {
            String user = hints.path(METADATA).path("user_id").textValue();
            if (user != null) {
                boolean itself = provider.equals(OPENAI);
                words().put(itself ? SAFETY : USER, bounded(user));
                hints.withObject("/" + METADATA).remove("user_id");
            }
        }
    }

    /** A longer name is told by its hash: it still is the same for the same user. */
    private static String bounded(String user) {
        return user.length() <= MAX_USER_CHARS ? user : hash(user);
    }

    private static String hash(String user) {
        try {
            byte[] bytes = user.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void topK() {
        ObjectNode from = surface.equals(GEMINI) ? config() : said;
        String name = surface.equals(GEMINI) ? "topK" : TOP_K;
        JsonNode topK = from.get(name);
        if (topK == null) {
            return;
        }
        if (speaks.equals(GEMINI)) {
            words().withObject("/" + CONFIG).set("topK", topK);
        } else if (speaks.equals(ANTHROPIC) || speaks.equals(XAI)) {
            words().set(TOP_K, topK);
        } else {
            return;
        }
        if (!(surface.equals(OPENAI) && speaks.equals(XAI))) {
            from.remove(name);
        }
        if (surface.equals(GEMINI) && from.isEmpty()) {
            said.remove(CONFIG);
        }
    }

    private ObjectNode config() {
        return said.get(CONFIG) instanceof ObjectNode config ? config : Json.object();
    }

    /** What a tier costs is the vendor's own; what it is for is the same. */
    private void tier() {
        String tier = said.path(surface.equals(GEMINI) ? "serviceTier" : "service_tier").asText();
        boolean shared = tier.equals("flex") || tier.equals("priority");
        if (surface.equals(ANTHROPIC)) {
            usual();
        } else if (surface.equals(OPENAI) && speaks.equals(GEMINI) && shared) {
            words().put("serviceTier", tier);
            said.remove("service_tier");
        } else if (surface.equals(GEMINI) && tier.equals("standard")) {
            said.remove("serviceTier"); // Everybody's default.
        } else if (surface.equals(GEMINI) && shared && !speaks.equals(ANTHROPIC)) {
            words().put("service_tier", tier);
            said.remove("serviceTier");
        }
    }

    /** What all others do anyway. */
    private void usual() {
        String tier = said.path("service_tier").asText();
        if (tier.equals("auto") || tier.equals("standard_only")) {
            said.remove("service_tier");
        }
        if (said.path("speed").asText().equals("standard")) {
            said.remove("speed");
        }
    }

    /** OpenAI bounds all calls of its tools together; where only the web is searched, that. */
    private @Nullable WebSearch searchBound(ChatRequest request) {
        WebSearch search = request.webSearch();
        JsonNode most = said.path("max_tool_calls");
        boolean others = request.tools().stream().anyMatch(Tool.Vendor.class::isInstance);
        if (!surface.equals(OPENAI) || others || !most.isInt() || most.asInt() < 1) {
            return search;
        }
        said.remove("max_tool_calls");
        return search == null || search.maxUses() != null
                ? search
                : new WebSearch(
                        search.via(),
                        most.asInt(),
                        search.allowedDomains(),
                        search.blockedDomains(),
                        search.location(),
                        search.cache(),
                        search.extras());
    }

    /** Labels for the vendor's own lists and bills; with what is stored there they are a part. */
    private void bookkeeping() {
        if (surface.equals(OPENAI) && !said.path("store").asBoolean()) {
            leave(said, METADATA);
        } else if (surface.equals(GEMINI)) {
            leave(said, "labels");
        }
    }

    private void hints() {
        for (String name : OWN_HINTS.getOrDefault(surface, Set.of())) {
            boolean taken = speaks.equals(XAI) && name.equals("prompt_cache_key");
            if (!taken) {
                leave(hints, name);
            }
        }
        if (hints.get("reasoning") instanceof ObjectNode reasoning) {
            // Which of the thinking is kept in mind is for each vendor to decide.
            boolean usual = reasoning.path("context").asText("auto").equals("auto");
            left.addAll(usual ? List.of() : List.of("/reasoning/context"));
        }
    }

    /** How closely OpenAI is to look, and to read what it finds; of many pictures one is named. */
    private void nuances(ChatRequest request) {
        if (!surface.equals(OPENAI)) {
            return;
        }
        WebSearch search = request.webSearch();
        ObjectNode own = search == null ? null : search.extras().forVendor(OPENAI);
        if (own != null && own.hasNonNull("search_context_size")) {
            left.add("/websearch/search_context_size");
        }
        String detailed = speaks.equals(XAI) ? null : detailed(request);
        if (detailed != null) {
            left.add(detailed);
        }
    }

    private static @Nullable String detailed(ChatRequest request) {
        for (int i = 0; i < request.messages().size(); i++) {
            List<Part> parts = request.messages().get(i).content();
            for (int j = 0; j < parts.size(); j++) {
                ObjectNode own = parts.get(j).extras().forVendor(OPENAI);
                if (parts.get(j) instanceof Part.Image && own != null) {
                    JsonNode detail = own.has("detail") ? own : own.path("image_url");
                    if (!detail.path("detail").asText("auto").equals("auto")) {
                        return "/messages/" + i + "/content/" + j + "/detail";
                    }
                }
            }
        }
        return null;
    }

    private void leave(ObjectNode from, String name) {
        JsonNode value = from.remove(name);
        boolean says = value != null && !value.isNull();
        if (says && !(value.isContainerNode() && value.isEmpty())) {
            left.add("/" + name);
        }
    }

    private static ChatRequest with(
            ChatRequest request,
            Extras extras,
            Map<String, ObjectNode> vendor,
            @Nullable WebSearch search) {
        return new ChatRequest(
                request.model(),
                request.modelClass(),
                request.needs(),
                request.system(),
                request.messages(),
                request.tools(),
                request.toolChoice(),
                request.parallelTools(),
                request.output(),
                request.effort(),
                request.sampling(),
                search,
                request.budget(),
                request.route(),
                request.cacheOff(),
                vendor,
                request.tags(),
                request.stream(),
                extras);
    }
}
