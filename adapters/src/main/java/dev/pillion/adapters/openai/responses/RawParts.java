package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Raw fields of messages and parts, from this format's surface or that of Chat Completions. */
final class RawParts {
    static final String BREAKPOINT = "prompt_cache_breakpoint";

    /** What messages and parts of Chat Completions hold and items have no place for. */
    static final Set<String> CHAT_ONLY =
            Set.of("name", "function", "image_url", "file", "input_audio", "extra_content");

    /** Those that this format says in another place. */
    static final Set<String> MOVED = Set.of("image_url", "file");

    /** Notes of other servers of Chat Completions, for themselves. */
    private static final Set<String> NOTES =
            Set.of("cache_control", "reasoning", "reasoning_content", "reasoning_details");

    private RawParts() {}

    /** The fields for this format, to be taken apart. */
    static ObjectNode copy(Extras extras, String provider) {
        ObjectNode raw = extras.forVendor(provider);
        return raw == null ? Json.object() : raw.deepCopy();
    }

    static void addTo(ObjectNode target, Extras extras, String provider, Losses losses, String at) {
        addTo(target, copy(extras, provider), extras, losses, at);
    }

    /** Puts the fields where they belong; {@code extras} says whether they are hints only. */
    static void addTo(
            ObjectNode target, ObjectNode fields, Extras extras, Losses losses, String at) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            String name = field.getKey();
            if (NOTES.contains(name)) {
                continue;
            }
            if (!CHAT_ONLY.contains(name)) {
                target.set(name, field.getValue());
            } else if (!extras.optional()) {
                losses.lose(at + "/" + name, "only Chat Completions has a place for it");
            }
        }
    }

    /**
     * The vendor's own item, unchanged; null where it stays behind: state goes back to the account
     * that it came from, or not at all.
     */
    static @Nullable ObjectNode ownItem(
            Part.VendorItem item,
            EncodeContext context,
            ResponsesQuirks quirks,
            Losses losses,
            String at) {
        if (!isOwn(item, context, quirks) || !(item.item() instanceof ObjectNode object)) {
            losses.lose(at, "an item of " + item.provider() + " only");
            return null;
        }
        boolean fits = item.seal() == null || fits(item.seal(), context, quirks);
        return fits ? object : null;
    }

    static boolean isOwn(Part.VendorItem item, EncodeContext context, ResponsesQuirks quirks) {
        return item.provider().equals(quirks.provider())
                || item.provider().equals(context.provider());
    }

    static boolean fits(@Nullable Seal seal, EncodeContext context, ResponsesQuirks quirks) {
        return seal != null
                && seal.fits(quirks.provider(), context.account(), context.model().id());
    }

    /** The object that the seal's data is; null when it is none. */
    static @Nullable ObjectNode json(@Nullable Seal seal) {
        if (seal == null || !seal.data().startsWith("{")) {
            return null;
        }
        try {
            return Json.read(seal.data()) instanceof ObjectNode object ? object : null;
        } catch (MalformedJson e) {
            return null; // A seal that a client has changed: it goes nowhere.
        }
    }
}
