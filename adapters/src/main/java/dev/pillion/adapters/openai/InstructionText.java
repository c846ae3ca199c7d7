package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Extras;
import java.util.Map;

/** A text of the system's or the developer's, in either of OpenAI's formats. */
public final class InstructionText {
    private InstructionText() {}

    /**
     * The text with its message's role and other fields on it; the role alone is only a nuance.
     *
     * @param fields what the message says besides its role and content; changed here
     */
    public static Part.Text of(Part.Text text, ObjectNode fields, String role) {
        boolean optional = fields.isEmpty() && text.extras().optional();
        if (role.equals("developer")) {
            fields.put("role", role);
        }
        ObjectNode own = text.extras().forVendor(Marks.SPEAKS);
        if (own != null) {
            fields.setAll(own);
        }
        Extras extras =
                fields.isEmpty() ? Extras.NONE : new Extras(Map.of(Marks.SPEAKS, fields), optional);
        return new Part.Text(text.text(), text.citations(), text.seal(), text.cache(), extras);
    }
}
