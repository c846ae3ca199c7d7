package dev.pillion.sidecar.simulate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Seals;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The encrypted content of reasoning items. It is bound to the account, the model, the item's id
 * and its summary, and has to come back as it was; recorded ones of the real vendor pass.
 */
public final class ReasoningSeals {
    private static final int DIGEST_CHARS = 16;

    private final String mark;
    private final Pattern genuine;
    private final Seals seals;

    /**
     * @param mark how the seals that are made here begin
     * @param genuine what the real vendor's look like
     */
    public ReasoningSeals(String mark, Pattern genuine) {
        this.mark = mark;
        this.genuine = genuine;
        this.seals = new Seals("reasoning", mark);
    }

    /** What is thought of encrypted content that comes back. */
    public enum Judgement {
        FINE,
        /** It could not be decrypted. */
        BROKEN,
        /** Taken, and left out of the prompt. */
        OTHER_MODEL,
        OTHER_ORGANIZATION
    }

    public String seal(Owner owner, String itemId, JsonNode summary) {
        var bound =
                Seals.digest(owner.account())
                        + Seals.digest(owner.model())
                        + Seals.digest(itemId)
                        + Seals.digest(text(summary));
        return mark + bound + seals.seal(bound).substring(mark.length());
    }

    /** Whose reasoning it is; a model's alias and its dated name are one. */
    public record Owner(String account, String model) {
        public Owner {
            model = model.replaceFirst("-\\d{4}-\\d{2}-\\d{2}$", "");
        }
    }

    public Judgement judge(Owner owner, JsonNode item) {
        var sealed = Trees.string(item, "encrypted_content");
        if (sealed == null) {
            return Judgement.FINE;
        }
        if (!sealed.startsWith(mark)) {
            return genuine.matcher(sealed).matches() ? Judgement.FINE : Judgement.BROKEN;
        }
        var bound = boundIn(sealed);
        if (bound == null || !matches(bound, item)) {
            return Judgement.BROKEN;
        }
        if (!part(bound, 0).equals(Seals.digest(owner.account()))) {
            return Judgement.OTHER_ORGANIZATION;
        }
        return part(bound, 1).equals(Seals.digest(owner.model()))
                ? Judgement.FINE
                : Judgement.OTHER_MODEL;
    }

    /** What a seal is bound to, if it is whole. */
    private @Nullable String boundIn(String sealed) {
        int end = mark.length() + 4 * DIGEST_CHARS;
        if (sealed.length() < end) {
            return null;
        }
        var bound = sealed.substring(mark.length(), end);
        return seals.verifies(mark + sealed.substring(end), bound) ? bound : null;
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
