package dev.pillion.sidecar.simulate.gemini;

import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.must;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Decimal;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import java.util.List;
import java.util.regex.Pattern;

/** Contents and their parts. */
final class PartShapes {
    /** Base64 in either alphabet, padded or not. */
    static final Shape BYTES =
            new Shape.Text(0, Integer.MAX_VALUE, Pattern.compile("[A-Za-z0-9+/_-]*+={0,2}"));

    static final Shape RESOLUTION =
            choice(
                    "MEDIA_RESOLUTION_UNSPECIFIED",
                    "MEDIA_RESOLUTION_LOW",
                    "MEDIA_RESOLUTION_MEDIUM",
                    "MEDIA_RESOLUTION_HIGH",
                    "MEDIA_RESOLUTION_ULTRA_HIGH");
    private static final Shape MIME = Shape.matching("[a-z]+/[A-Za-z0-9.+;=_ -]+", 256);
    private static final Fields BLOB =
            must("mimeType", MIME).must("data", BYTES).may("displayName", TEXT);
    private static final Fields FILE =
            must("fileUri", FILLED).may("mimeType", MIME).may("displayName", TEXT);
    private static final Shape NAME = Shape.matching(ToolShapes.NAME, 128);
    private static final Fields CALL = must("name", NAME).may("id", TEXT).may("args", OBJECT);
    private static final Fields RESULT =
            must("name", NAME)
                    .must("response", OBJECT)
                    .may("id", TEXT)
                    .may("parts", items(may("inlineData", BLOB).may("fileData", FILE)))
                    .may("scheduling", choice("SILENT", "WHEN_IDLE", "INTERRUPT"))
                    .may("willContinue", FLAG);
    private static final Shape SERVER_TOOL =
            choice(
                    "GOOGLE_SEARCH_WEB",
                    "GOOGLE_SEARCH_IMAGE",
                    "URL_CONTEXT",
                    "GOOGLE_MAPS",
                    "FILE_SEARCH",
                    "MEDIA_PROCESSING");

    /** The fields of which a part has one. */
    static final List<String> DATA =
            List.of(
                    "text",
                    "inlineData",
                    "fileData",
                    "functionCall",
                    "functionResponse",
                    "executableCode",
                    "codeExecutionResult",
                    "toolCall",
                    "toolResponse");

    static final Fields PART =
            may("text", TEXT)
                    .may("inlineData", BLOB)
                    .may("fileData", FILE)
                    .may("functionCall", CALL)
                    .may("functionResponse", RESULT)
                    .may(
                            "executableCode",
                            must("language", choice("PYTHON")).must("code", TEXT).may("id", TEXT))
                    .may(
                            "codeExecutionResult",
                            must(
                                            "outcome",
                                            choice(
                                                    "OUTCOME_OK",
                                                    "OUTCOME_FAILED",
                                                    "OUTCOME_DEADLINE_EXCEEDED"))
                                    .may("output", TEXT)
                                    .may("id", TEXT))
                    .may(
                            "toolCall",
                            must("toolType", SERVER_TOOL).may("id", TEXT).may("args", OBJECT))
                    .may(
                            "toolResponse",
                            must("toolType", SERVER_TOOL).may("id", TEXT).may("response", OBJECT))
                    .may("thought", FLAG)
                    .may("thoughtSignature", BYTES)
                    .may(
                            "videoMetadata",
                            may("startOffset", TEXT)
                                    .may("endOffset", TEXT)
                                    .may("fps", new Decimal(0, 24)))
                    .may("mediaResolution", may("level", RESOLUTION))
                    .may("partMetadata", OBJECT);

    static final Fields CONTENT = may("role", TEXT).must("parts", items(PART, 0, 100_000));

    private PartShapes() {}
}
