package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.gemini.Turn.Part;
import dev.pillion.sidecar.simulate.kit.Seals;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Thought signatures. One is bound to the model that gave it and to the part that it stands in;
 * what this simulation signed is verified, and of recorded ones only that they look like the
 * vendor's. Generation 3 and later wants the calls of the current turn signed.
 */
final class GeminiSeals {
    private static final String MARK = "simulated.";

    /** What a client writes where there never was a signature, plain or once more in base64. */
    private static final Set<String> SENTINELS =
            Set.of("skip_thought_signature_validator", "context_engineering_is_the_way_to_go");

    private static final int FRAME = 0x0a;
    private static final int WRAPPED_FRAME = 0x12;
    private static final int TOOL_KIND = 0x08;

    private final Seals seals;

    GeminiSeals(String account) {
        this.seals = new Seals(account + " thought", MARK);
    }

    /** The signature of a part that this model says. */
    String sign(GeminiRequest request, JsonNode part) {
        var sealed = seals.seal(covered(request, part)).getBytes(StandardCharsets.US_ASCII);
        var bytes = new byte[sealed.length + 5];
        bytes[0] = WRAPPED_FRAME;
        bytes[1] = (byte) (sealed.length + 3);
        bytes[2] = FRAME;
        bytes[3] = (byte) (sealed.length + 1);
        bytes[4] = 1;
        System.arraycopy(sealed, 0, bytes, 5, sealed.length);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** A token to continue an answer with. */
    String token(GeminiRequest request) {
        return sign(request, Trees.object().put("text", "continued"));
    }

    boolean continues(GeminiRequest request, String token) {
        return token.equals(token(request));
    }

    @Nullable VendorError broken(GeminiRequest request) {
        for (var turn : request.turns()) {
            for (var part : turn.parts()) {
                if (part.is("thoughtSignature") && !genuine(request, part)) {
                    return wrong(part);
                }
            }
        }
        return request.model().can(Skill.SIGNED_CALLS) ? unsigned(request) : null;
    }

    private boolean genuine(GeminiRequest request, Part part) {
        var signature = Trees.string(part.node(), "thoughtSignature", "");
        if (!request.model().can(Skill.THINK) || signature.isEmpty()) {
            return true;
        }
        var bytes = decode(signature);
        if (bytes == null) {
            return false;
        }
        var inner = new String(bytes, StandardCharsets.ISO_8859_1);
        if (SENTINELS.contains(signature) || SENTINELS.contains(inner)) {
            return true;
        }
        int mark = inner.indexOf(MARK);
        return mark >= 0
                ? seals.verifies(inner.substring(mark), covered(request, part.node()))
                : framed(bytes);
    }

    private static byte @Nullable [] decode(String signature) {
        var standard = signature.replace('-', '+').replace('_', '/').replace("=", "");
        try {
            return Base64.getDecoder().decode(standard);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Whether these bytes are a message as the vendor's signatures are. */
    private static boolean framed(byte[] bytes) {
        int start = afterLength(bytes, 1);
        if (bytes.length > 0 && bytes[0] == FRAME) {
            return start > 0 && start < bytes.length && bytes[start] == 1;
        }
        if (bytes.length == 0 || bytes[0] != WRAPPED_FRAME || start <= 0) {
            return false;
        }
        int inner = afterLength(bytes, start + 1);
        return bytes[start] == FRAME
                && inner > 0
                && inner + 2 < bytes.length
                && begins(bytes, inner);
    }

    /** A signature begins with 1; that of one of the vendor's own tools says its kind before. */
    private static boolean begins(byte[] bytes, int at) {
        return bytes[at] == 1 || (bytes[at] == TOOL_KIND && bytes[at + 2] == WRAPPED_FRAME);
    }

    /** Where the varint that begins here ends; 0 if it does not. */
    private static int afterLength(byte[] bytes, int from) {
        for (int i = from; i < Math.min(bytes.length - 1, from + 5); i++) {
            if (bytes[i] >= 0) {
                return i + 1;
            }
        }
        return 0;
    }

    private static @Nullable VendorError unsigned(GeminiRequest request) {
        for (var turn : request.currentTurns()) {
            int content = -1;
            for (var part : turn.of("functionCall")) {
                if (part.content() != content && !part.is("thoughtSignature")) {
                    return missing(part);
                }
                content = part.content();
            }
        }
        return null;
    }

    private static VendorError missing(Part part) {
        return GeminiErrors.invalid(
                "Function call is missing a thought_signature in functionCall parts. This is"
                        + " required for tools to work correctly, and missing thought_signature"
                        + " may lead to degraded model performance. Additional data, function call"
                        + " `default_api:"
                        + part.node().path("functionCall").path("name").asText()
                        + "` , position "
                        + (part.content() + 1)
                        + ". Please refer to"
                        + " https://ai.google.dev/gemini-api/docs/thought-signatures for more"
                        + " details.");
    }

    private static VendorError wrong(Part part) {
        var call = part.node().path("functionCall").path("name").asText();
        return GeminiErrors.field(
                part.path().field("thoughtSignature"),
                "Thought signature is not valid."
                        + (call.isEmpty() ? "" : " Function call `default_api:" + call + "` ,")
                        + " position "
                        + (part.content() + 1)
                        + ", "
                        + GeminiErrors.written(part.path()));
    }

    private static String covered(GeminiRequest request, JsonNode part) {
        ObjectNode bare = part.deepCopy();
        bare.remove("thoughtSignature");
        if (bare.get("functionCall") instanceof ObjectNode call) {
            if (!call.has("args")) {
                call.putObject("args");
            }
            call.remove("id"); // Clients may leave it out, and go by the order.
        }
        return request.modelId() + " " + sorted(bare);
    }

    /** The same for the same value, however its fields are ordered and its numbers written. */
    private static String sorted(JsonNode node) {
        if (node.isNumber()) {
            BigDecimal number = node.decimalValue();
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
        }
        if (node.isArray()) {
            var items = new StringBuilder("[");
            node.forEach(item -> items.append(sorted(item)).append(','));
            return items.append(']').toString();
        }
        if (!node.isObject()) {
            return Trees.write(node);
        }
        var fields = new TreeMap<String, String>();
        node.properties().forEach(e -> fields.put(e.getKey(), sorted(e.getValue())));
        return fields.toString();
    }
}
