package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Seals;
import dev.pillion.sidecar.simulate.kit.Trees;
import org.jspecify.annotations.Nullable;

/**
 * The encrypted content of reasoning items. It is bound to the account, the model, the item's id
 * and its summary, and has to come back as it was; recorded ones of the real vendor pass.
 */
final class ReasoningSeals {
    /** How the real vendor's begin. */
    private static final String GENUINE = "gAAAA";

    private static final String MARK = GENUINE + "BsimPillion";
    private static final int DIGEST_CHARS = 16;

    private final Seals seals = new Seals("reasoning of the simulated OpenAI", MARK);

    /** What is thought of encrypted content that comes back. */
    enum Judgement {
        FINE,
        /** It could not be decrypted. */
        BROKEN,
        /** Taken, and left out of the prompt. */
        OTHER_MODEL,
        OTHER_ORGANIZATION
    }

    String seal(ResponsesRequest request, String itemId, JsonNode summary) {
        var bound = bound(request, itemId, summary);
        return MARK + bound + seals.seal(bound).substring(MARK.length());
    }

    private static String bound(ResponsesRequest request, String itemId, JsonNode summary) {
        return Seals.digest(request.account())
                + Seals.digest(model(request))
                + Seals.digest(itemId)
                + Seals.digest(text(summary));
    }

    /** The model without its date, so that an alias and its snapshot are one. */
    private static String model(ResponsesRequest request) {
        return request.modelId().replaceFirst("-\\d{4}-\\d{2}-\\d{2}$", "");
    }

    Judgement judge(ResponsesRequest request, JsonNode item) {
        var sealed = Trees.string(item, "encrypted_content");
        if (sealed == null) {
            return Judgement.FINE;
        }
        if (!sealed.startsWith(MARK)) {
            return sealed.startsWith(GENUINE) ? Judgement.FINE : Judgement.BROKEN;
        }
        var bound = boundIn(sealed);
        if (bound == null || !matches(bound, item)) {
            return Judgement.BROKEN;
        }
        if (!part(bound, 0).equals(Seals.digest(request.account()))) {
            return Judgement.OTHER_ORGANIZATION;
        }
        return part(bound, 1).equals(Seals.digest(model(request)))
                ? Judgement.FINE
                : Judgement.OTHER_MODEL;
    }

    /** What a seal is bound to, if it is whole. */
    private @Nullable String boundIn(String sealed) {
        int end = MARK.length() + 4 * DIGEST_CHARS;
        if (sealed.length() < end) {
            return null;
        }
        var bound = sealed.substring(MARK.length(), end);
        return seals.verifies(MARK + sealed.substring(end), bound) ? bound : null;
    }

    private static boolean matches(String bound, JsonNode item) {
        var id = Trees.string(item, "id");
        var summary = item.path("summary");
        return (id == null || part(bound, 2).equals(Seals.digest(id)))
                && (summary.isEmpty() || part(bound, 3).equals(Seals.digest(text(summary))));
    }

    private static String text(JsonNode summary) {
        var text = new StringBuilder();
        for (var part : summary) {
            text.append(part.path("text").asText()).append('\n');
        }
        return text.toString();
    }

    private static String part(String bound, int index) {
        return bound.substring(index * DIGEST_CHARS, (index + 1) * DIGEST_CHARS);
    }
}
