package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Need;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code generationConfig} tells of a request, in the one pass of {@link GeminiScan}. */
final class ConfigScan implements GeminiFields.Field {
    private final GeminiFields fields;
    private final Set<Refusal> refusable = EnumSet.noneOf(Refusal.class);
    private @Nullable Integer maxOutputTokens;
    private boolean temperature;
    private boolean topP;
    private String type = "";
    private boolean schema;
    private boolean thoughts;
    private String level = "";
    private @Nullable Integer budget;

    ConfigScan(GeminiFields fields) {
        this.fields = fields;
    }

    @Nullable Integer maxOutputTokens() {
        return maxOutputTokens;
    }

    @Override
    public void take(String name, JsonToken value) throws IOException {
        switch (name) {
            case "temperature" -> temperature = isWish(value);
            case "topP" -> topP = isWish(value);
            case "maxOutputTokens" -> {
                Integer most = fields.integer(value);
                fields.oddIf(most == null || most < 0);
                maxOutputTokens = most == null || most == 0 ? null : most;
            }
            case "stopSequences" ->
                    fields.list(
                            value,
                            each -> {
                                fields.oddIf(each != JsonToken.VALUE_STRING);
                                fields.json().skipChildren();
                                refusable.add(Refusal.STOP);
                            });
            case "responseMimeType" -> type = fields.text(value);
            case "responseJsonSchema", "responseSchema" -> {
                fields.oddIf(schema); // Both are not to be said at once.
                schema = fields.isObject(value);
            }
            case "thinkingConfig" -> fields.object(value, this::thinking);
            case "presencePenalty", "frequencyPenalty" -> penalty(value);
            default -> {}
        }
    }

    private boolean isWish(JsonToken value) throws IOException {
        return Needs.isWish(fields.number(value));
    }

    private void penalty(JsonToken value) throws IOException {
        fields.oddIf(!value.isNumeric());
        if (value.isNumeric() && fields.json().getDoubleValue() != 0) {
            refusable.add(Refusal.PENALTIES);
        }
    }

    private void thinking(String name, JsonToken value) throws IOException {
        switch (name) {
            case "thinkingLevel" -> level = fields.text(value);
            case "thinkingBudget" -> {
                budget = fields.integer(value);
                fields.oddIf(budget == null || budget < -1);
            }
            case "includeThoughts" -> thoughts = fields.flag(value);
            default -> {}
        }
        fields.oddIf(budget != null && !level.isEmpty());
    }

    /** Adds what the form of the answer needs. */
    void addNeeds(Set<Need> needs) {
        if (thoughts) {
            needs.add(Need.THINKING);
        }
        boolean json = type.equals(GenerationConfigDecoder.JSON_TYPE);
        if (!json && !type.isEmpty() && !type.equals("text/plain")) {
            return; // Such as text/x.enum: its schema is no JSON's.
        }
        if (schema) {
            needs.add(Need.JSON_SCHEMA);
        } else if (json) {
            needs.add(Need.JSON);
        }
    }

    /** What some models refuse; the effort tells by then whether sampling matters. */
    Set<Refusal> refusable() {
        Effort effort = effort();
        if (effort == Effort.OFF) {
            refusable.add(Refusal.THINKING_OFF);
        } else if (temperature || topP) {
            refusable.add(Refusal.SAMPLING);
            if (effort != null) {
                refusable.add(Refusal.SAMPLING_THINKING);
            }
        }
        if (temperature && topP) {
            refusable.add(Refusal.TEMPERATURE_WITH_TOP_P);
        }
        return refusable;
    }

    private @Nullable Effort effort() {
        if (!level.isEmpty()) {
            return GenerationConfigDecoder.ofLevel(
                    level, "/generationConfig/thinkingConfig/thinkingLevel");
        }
        return budget == null ? null : GenerationConfigDecoder.ofBudget(budget);
    }
}
