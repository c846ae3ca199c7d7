package dev.pillion.adapters.openai;

import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import org.jspecify.annotations.Nullable;

/**
 * Names of the format, and the seals by which it marks parts that the uniform form has no word for.
 */
public final class Marks {
    /** The format's name in {@code speaks:}, extras and seals. */
    public static final String SPEAKS = "openai";

    /** Seal data of a text part that is a refusal. */
    public static final String REFUSAL = "refusal";

    /** Seal data of a tool call whose tool takes free text. */
    public static final String CUSTOM = "custom";

    private static final Seal REFUSAL_SEAL = new Seal(SPEAKS, null, null, REFUSAL);
    private static final Seal CUSTOM_SEAL = new Seal(SPEAKS, null, null, CUSTOM);

    private Marks() {}

    public static Seal refusal() {
        return REFUSAL_SEAL;
    }

    public static Seal custom() {
        return CUSTOM_SEAL;
    }

    public static boolean isRefusal(Part part) {
        return part instanceof Part.Text && is(part.seal(), REFUSAL);
    }

    public static boolean isCustom(Part.ToolCall call) {
        return is(call.seal(), CUSTOM);
    }

    public static boolean is(@Nullable Seal seal, String data) {
        return seal != null && seal.provider().equals(SPEAKS) && seal.data().equals(data);
    }

    /** Whether the seal says only what this format's own fields say. */
    public static boolean isOwn(Seal seal) {
        return is(seal, REFUSAL) || is(seal, CUSTOM);
    }
}
