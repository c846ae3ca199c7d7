package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.ByteSearch;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a request names that lies stored at a vendor, by the names of the fields that hold
 * such ids: of the OpenAI API 2.3.0, the Anthropic API 2026-11-20, the Gemini API v1beta and
 * docs.x.ai, all as of 2026-11-22, and of the uniform interface. The body is only read where the
 * bytes of such a name are in it.
 */
public final class StoredNames {
    private static final String OPENAI = "openai";
    private static final String XAI = "xai";
    private static final int MAX_ID_CHARS = 2_048;

    /** Fields whose value is an id, or a list of ids. */
    private static final Set<String> IDS =
            Set.of(
                    "previous_response_id",
                    "cachedContent",
                    "cached_content",
                    "file_id",
                    "file_ids",
                    "input_file_id",
                    "training_file",
                    "validation_file",
                    "vector_store_ids",
                    "fileSearchStoreNames",
                    "file_search_store_names");

    /** Fields whose value is an id, or an object with one. */
    private static final Set<String> HOLDERS = Set.of("conversation", "container");

    /** Fields with an address that may be one of a stored file. */
    private static final Set<String> ADDRESSES = Set.of("fileUri", "file_uri");

    /** What callers and models write themselves; names in there are theirs. */
    private static final Set<String> OPAQUE =
            Set.of(
                    "parameters",
                    "parametersJsonSchema",
                    "parameters_json_schema",
                    "input_schema",
                    "schema",
                    "responseSchema",
                    "response_schema",
                    "responseJsonSchema",
                    "response_json_schema",
                    "arguments",
                    "args",
                    "response",
                    "metadata",
                    "labels",
                    "tags");

    /** xAI's ids are UUIDs, bare or after a word. */
    private static final Pattern OF_XAI =
            Pattern.compile(
                    "(?:[a-z]+_)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
                            + "|collection_.*");

    private static final byte[][] MARKS =
            List.of(
                            "previous_response_id\"",
                            "conversation\"",
                            "prompt\"",
                            "file_id",
                            "fileUri\"",
                            "file_uri\"",
                            "fileSearchStoreNames\"",
                            "file_search_store_names\"",
                            "cachedContent\"",
                            "cached_content\"",
                            "container",
                            "vector_store_ids\"",
                            "input_file_id\"",
                            "training_file\"",
                            "validation_file\"",
                            "item_reference\"",
                            "skill_id\"",
                            "audio\"",
                            "rs_")
                    .stream()
                    .map(mark -> mark.getBytes(StandardCharsets.US_ASCII))
                    .toArray(byte[][]::new);

    private static final boolean[] FIRST = new boolean[128];

    static {
        for (byte[] mark : MARKS) {
            FIRST[mark[0]] = true;
        }
    }

    private final @Nullable String vendor;
    private final List<Stored> found = new ArrayList<>();

    private StoredNames(@Nullable String vendor) {
        this.vendor = vendor;
    }

    /**
     * What the body names, in its order; nothing where it is no JSON.
     *
     * @param vendor whose surface it came in on; null: one that names the vendor itself
     */
    public static List<Stored> in(byte[] body, @Nullable String vendor) {
        if (!marked(body)) {
            return List.of();
        }
        try {
            var names = new StoredNames(vendor);
            names.node(Json.read(body), "", vendor);
            return List.copyOf(names.found);
        } catch (MalformedJson _) {
            return List.of(); // Whoever has to understand it says so.
        }
    }

    /**
     * What a call of the vendor's own API may name: ids in its body, and whatever in its path could
     * be one.
     *
     * @param path without the query
     */
    public static List<String> inCall(String path, byte[] body, @Nullable String vendor) {
        List<String> ids = new ArrayList<>();
        String before = "";
        for (String segment : path.split("/", -1)) {
            int method = segment.indexOf(':');
            String name = method < 0 ? segment : segment.substring(0, method);
            ids.add(name);
            ids.add(before + "/" + name); // As the Gemini API names things: files/abc.
            before = name;
        }
        in(body, vendor).forEach(each -> ids.add(each.id()));
        return ids;
    }

    /**
     * Whose the id is that came in on a surface: xAI's clients speak OpenAI's.
     *
     * @param surface the vendor whose surface it is
     */
    public static String vendorOf(String id, String surface) {
        return surface.equals(OPENAI) && OF_XAI.matcher(id).matches() ? XAI : surface;
    }

    private static boolean marked(byte[] body) {
        int end = body.length - 4;
        int at = ByteSearch.indexOf(body, 0, end, '"');
        while (at < end) {
            if (body[at + 1] >= 0 && FIRST[body[at + 1]] && mark(body, at + 1)) {
                return true;
            }
            at = ByteSearch.indexOf(body, at + 1, end, '"');
        }
        return false;
    }

    private static boolean mark(byte[] body, int at) {
        for (byte[] mark : MARKS) {
            if (mark[0] == body[at] && starts(body, at, mark)) {
                return true;
            }
        }
        return false;
    }

    private static boolean starts(byte[] body, int at, byte[] mark) {
        if (at + mark.length > body.length) {
            return false;
        }
        for (int i = 1; i < mark.length; i++) {
            if (body[at + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private void node(JsonNode node, String at, @Nullable String owner) {
        if (node instanceof ObjectNode object) {
            object(object, at, owner);
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                node(node.get(i), at + "/" + i, owner);
            }
        }
    }

    private void object(ObjectNode object, String at, @Nullable String owner) {
        boolean uniform = vendor == null && object.path("provider").isTextual();
        String whose = uniform ? object.get("provider").asText() : owner;
        item(object, at, whose);
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            String pointer = at + "/" + name;
            // The uniform form names the vendors of raw fields.
            boolean named = vendor == null && at.equals("/vendor");
            field(name, field.getValue(), pointer, named ? name : whose);
        }
    }

    private void field(String name, JsonNode value, String pointer, @Nullable String owner) {
        boolean calls = name.equals("input") && value.isObject(); // What a model calls a tool with.
        if (OPAQUE.contains(name) || calls) {
            return;
        }
        if (IDS.contains(name)) {
            ids(value, pointer, owner);
        } else if (ADDRESSES.contains(name)) {
            address(value.asText(), pointer, owner);
        } else if (HOLDERS.contains(name) && value.isTextual()) {
            add(value.asText(), pointer, owner, true);
        } else {
            boolean holder = HOLDERS.contains(name) || name.equals("audio");
            if (holder || (name.equals("prompt") && pointer.lastIndexOf('/') == 0)) {
                add(value.path("id").asText(), pointer, owner, true);
            }
            node(value, pointer, owner);
        }
    }

    /** Items and tools that say by their type that they stand for something stored. */
    private void item(ObjectNode item, String at, @Nullable String owner) {
        String id = item.path("id").asText();
        switch (item.path("type").asText()) {
            case "item_reference" -> add(id, at + "/id", owner, true);
            case "container_reference" ->
                    add(item.path("container_id").asText(), at + "/container_id", owner, true);
            case "custom" -> add(item.path("skill_id").asText(), at + "/skill_id", owner, true);
            case "reasoning" -> {
                // Without its content the vendor has to look it up; others do without it anyway.
                if (!item.hasNonNull("encrypted_content")) {
                    add(id, at + "/id", owner, false);
                }
            }
            default -> {}
        }
    }

    private void ids(JsonNode value, String pointer, @Nullable String owner) {
        if (value.isTextual()) {
            add(value.asText(), pointer, owner, true);
        }
        for (int i = 0; i < value.size() && value.isArray(); i++) {
            add(value.get(i).asText(), pointer, owner, true);
        }
    }

    /** A file's address is stored by the file's name, whatever the version in the address. */
    private void address(String uri, String pointer, @Nullable String owner) {
        boolean stored =
                uri.startsWith("https://generativelanguage.googleapis.com/")
                        || uri.startsWith("gs://")
                        || uri.startsWith("files/");
        if (stored) {
            int name = uri.indexOf("files/");
            add(name < 0 ? uri : uri.substring(name), pointer, owner, true);
        }
    }

    private void add(String id, String pointer, @Nullable String owner, boolean needed) {
        if (!id.isEmpty() && id.length() <= MAX_ID_CHARS && owner != null) {
            String whose = owner.equals(vendor) ? vendorOf(id, owner) : owner;
            found.add(new Stored(whose, vendor, id, pointer, needed));
        }
    }
}
