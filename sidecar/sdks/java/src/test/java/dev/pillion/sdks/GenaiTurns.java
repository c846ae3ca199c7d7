package dev.pillion.sdks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.genai.types.Content;
import com.google.genai.types.FinishReason;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionCallingConfig;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.Tool;
import com.google.genai.types.ToolConfig;
import com.google.genai.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns and settings of google-genai, as the suite makes and reads them. */
final class GenaiTurns {
    private GenaiTurns() {}

    static Content says(String text) {
        return Content.builder().role("user").parts(Part.fromText(text)).build();
    }

    static Optional<FinishReason> ended(GenerateContentResponse chunk) {
        return chunk.candidates().flatMap(all -> all.getFirst().finishReason());
    }

    /** The chunks' parts as one turn of the model, each as it came. */
    static Content turn(List<GenerateContentResponse> chunks) {
        var parts =
                chunks.stream()
                        .flatMap(chunk -> chunk.candidates().stream())
                        .flatMap(all -> all.getFirst().content().stream())
                        .flatMap(content -> content.parts().stream())
                        .flatMap(List::stream)
                        .toList();
        return Content.builder().role("model").parts(parts).build();
    }

    static List<Part> parts(Content content) {
        return content.parts().orElse(List.of());
    }

    static String words(Content content) {
        return parts(content).stream()
                .filter(part -> !part.thought().orElse(false))
                .map(part -> part.text().orElse(""))
                .collect(Collectors.joining());
    }

    static Content results(Content called, String... cities) {
        var results = new ArrayList<Part>();
        var asked = new ArrayList<String>();
        for (var part : parts(called)) {
            part.functionCall()
                    .ifPresent(call -> {
                        var city = call.args().orElseThrow().get("city").toString();
                        asked.add(city);
                        results.add(result(call, city));
                    });
        }
        assertEquals(List.of(cities), asked);
        return Content.builder().role("user").parts(results).build();
    }

    private static Part result(FunctionCall call, String city) {
        assertEquals(Weather.TOOL, call.name().orElseThrow());
        var response =
                FunctionResponse.builder()
                        .name(Weather.TOOL)
                        .response(Map.of("output", Weather.RESULT + city));
        call.id().ifPresent(response::id);
        return Part.builder().functionResponse(response.build()).build();
    }

    static boolean isThought(Part part) {
        return part.thought().orElse(false) && !part.text().orElse("").isEmpty();
    }

    static ToolConfig choosing(String mode, String... names) {
        var calling = FunctionCallingConfig.builder().mode(mode);
        if (names.length > 0) {
            calling.allowedFunctionNames(names);
        }
        return ToolConfig.builder().functionCallingConfig(calling).build();
    }

    static GenerateContentConfig.Builder asking() {
        var city = Schema.builder().type(Type.Known.STRING).description("Its name").build();
        var parameters =
                Schema.builder()
                        .type(Type.Known.OBJECT)
                        .properties(Map.of("city", city))
                        .required("city");
        var tool =
                FunctionDeclaration.builder()
                        .name(Weather.TOOL)
                        .description("The weather of a city")
                        .parameters(parameters);
        return GenerateContentConfig.builder().tools(Tool.builder().functionDeclarations(tool));
    }

    /** Answers are JSON, of {@link Weather.Report}. */
    static GenerateContentConfig reporting() {
        var schema =
                Schema.builder()
                        .type(Type.Known.OBJECT)
                        .properties(
                                Map.of(
                                        "city", Schema.builder().type(Type.Known.STRING).build(),
                                        "degrees",
                                                Schema.builder().type(Type.Known.INTEGER).build(),
                                        "sunny", Schema.builder().type(Type.Known.BOOLEAN).build()))
                        .required("city", "degrees", "sunny");
        return GenerateContentConfig.builder()
                .responseMimeType("application/json")
                .responseSchema(schema)
                .build();
    }
}
