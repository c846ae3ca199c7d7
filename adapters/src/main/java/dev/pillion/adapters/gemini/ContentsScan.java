package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.protocol.chat.Need;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** What the contents of a request tell of it, in the one pass of {@link GeminiScan}. */
final class ContentsScan {
    private final GeminiFields fields;
    private final Set<Need> needs;
    private boolean seen;
    private boolean endsWithModel;
    private boolean inModel;
    private boolean calledInTurn;
    private boolean unsigned;

    ContentsScan(GeminiFields fields, Set<Need> needs) {
        this.fields = fields;
        this.needs = needs;
    }

    boolean seen() {
        return seen;
    }

    /** Whether the conversation ends with what the model said. */
    boolean endsWithModel() {
        return endsWithModel;
    }

    /** Whether calls since the user's last word lack the signature that their model gave them. */
    boolean unsigned() {
        return unsigned;
    }

    void scan(JsonToken value) throws IOException {
        seen = true;
        fields.list(value, this::content);
    }

    /** One content; who speaks may stand behind what is said. */
    private final class Content implements GeminiFields.Field {
        String role = "";
        boolean calls;
        boolean firstCallUnsigned;
        boolean responses;
        boolean userWord;
        boolean modelsOwn;

        /** What it needs if a user says it, and if a model does. */
        final Set<Need> ofUser = EnumSet.noneOf(Need.class);

        final Set<Need> ofModel = EnumSet.noneOf(Need.class);

        @Override
        public void take(String name, JsonToken value) throws IOException {
            switch (name) {
                case "role" -> role = fields.text(value);
                case "parts" -> fields.list(value, this::part);
                default -> {}
            }
        }

        private void part(JsonToken value) throws IOException {
            var part = new PartScan(fields);
            fields.object(value, part);
            if (part.calls) {
                firstCallUnsigned |= !calls && !part.signed;
                calls = true;
            }
            responses |= part.responds;
            userWord |= !part.responds;
            modelsOwn |= part.calls && !part.responds;
            part.addOfUser(ofUser);
            part.addOfModel(ofModel);
        }
    }

    private void content(JsonToken value) throws IOException {
        var content = new Content();
        fields.object(value, content);
        String role = content.role;
        if (role.isEmpty()) {
            role = content.calls ? "model" : "user";
        }
        switch (role) {
            case "model" -> model(content);
            case "user", "function" -> user(content);
            default -> fields.oddIf(true); // An instruction, or nobody that is known.
        }
    }

    private void model(Content content) {
        fields.oddIf(content.responses);
        if (!inModel) {
            calledInTurn = false;
        }
        inModel = true;
        endsWithModel = true;
        unsigned |= content.firstCallUnsigned && !calledInTurn;
        calledInTurn |= content.calls;
        needs.addAll(content.ofModel);
    }

    private void user(Content content) {
        fields.oddIf(content.modelsOwn);
        inModel = false;
        endsWithModel = false;
        if (content.userWord && !content.responses) {
            unsigned = false; // Older turns are not looked at by the vendor.
        }
        needs.addAll(content.ofUser);
    }
}
