package dev.pillion.adapters;

import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Sampling;
import dev.pillion.protocol.chat.ToolChoice;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Infers from a request what it needs of a model, and what some models would refuse in it. */
public final class Needs {
    private Needs() {}

    /** What the request needs, stated and inferred. */
    public static Set<Need> of(ChatRequest request) {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        needs.addAll(request.needs());
        if (!request.tools().isEmpty()) {
            needs.add(Need.TOOLS);
        }
        if (request.webSearch() != null) {
            needs.add(Need.WEBSEARCH);
        }
        if (request.stream()) {
            needs.add(Need.STREAM);
        }
        switch (request.output().format()) {
            case Output.Format.Text _ -> {}
            case Output.Format.Json _ -> needs.add(Need.JSON);
            case Output.Format.Schema _ -> needs.add(Need.JSON_SCHEMA);
        }
        for (Message message : request.messages()) {
            ofParts(message.content(), needs);
        }
        return needs;
    }

    /** What the parts need, added to the others. */
    public static void ofParts(List<Part> parts, Set<Need> needs) {
        for (Part part : parts) {
            switch (part) {
                case Part.Image _ -> needs.add(Need.VISION);
                case Part.Document _ -> needs.add(Need.DOCUMENTS);
                case Part.Audio _ -> needs.add(Need.AUDIO);
                case Part.Video _ -> needs.add(Need.VIDEO);
                case Part.ToolResult result -> ofParts(result.content(), needs);
                case Part.Text _, Part.ToolCall _, Part.Thinking _, Part.VendorItem _ -> {}
            }
        }
    }

    /** What the request asks that some models answer with 400. */
    public static Set<Refusal> refusable(ChatRequest request) {
        Set<Refusal> asked = EnumSet.noneOf(Refusal.class);
        Sampling sampling = request.sampling();
        boolean temperature = isWish(sampling.temperature());
        boolean topP = isWish(sampling.topP());
        if (temperature || topP) {
            sampling(request.effort(), asked);
        }
        if (temperature && topP) {
            asked.add(Refusal.TEMPERATURE_WITH_TOP_P);
        }
        if (forces(request.toolChoice())) {
            asked.add(Refusal.FORCED_TOOLS);
        }
        if (!request.output().stop().isEmpty()) {
            asked.add(Refusal.STOP);
        }
        List<Message> messages = request.messages();
        if (!messages.isEmpty() && messages.getLast().role() == Role.ASSISTANT) {
            asked.add(Refusal.PREFILL);
        }
        return asked;
    }

    /** 1 is every vendor's default, and asks for nothing. */
    public static boolean isWish(@Nullable BigDecimal sampling) {
        return sampling != null && sampling.compareTo(BigDecimal.ONE) != 0;
    }

    /** Whoever can be told not to think takes sampling then; who can't, refuses when it is told. */
    private static void sampling(@Nullable Effort effort, Set<Refusal> asked) {
        if (effort == Effort.OFF) {
            return;
        }
        asked.add(Refusal.SAMPLING);
        if (effort != null) {
            asked.add(Refusal.SAMPLING_THINKING);
        }
    }

    private static boolean forces(@Nullable ToolChoice choice) {
        return switch (choice) {
            case null -> false;
            case ToolChoice.Auto _, ToolChoice.None _ -> false;
            case ToolChoice.Required _, ToolChoice.Named _ -> true;
            case ToolChoice.Allowed allowed -> allowed.required();
        };
    }
}
