package dev.pillion.sidecar.simulate.gemini;

import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.EMPTY;
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
import dev.pillion.sidecar.simulate.kit.Shape.Whole;

/** Tools and the choice among them. */
final class ToolShapes {
    static final String NAME = "[A-Za-z_][A-Za-z0-9_.:-]{0,127}";

    private static final Fields FUNCTION =
            must("name", Shape.matching(NAME, 128))
                    .may("description", TEXT)
                    .may("parameters", ANY)
                    .may("parametersJsonSchema", ANY)
                    .may("response", ANY)
                    .may("responseJsonSchema", ANY);
    private static final Fields SEARCH =
            may("searchTypes", may("webSearch", EMPTY).may("imageSearch", EMPTY));
    private static final Fields COMMON =
            may("functionDeclarations", items(FUNCTION, 0, 512))
                    .may("urlContext", EMPTY)
                    .may("codeExecution", EMPTY)
                    .may("googleMaps", OBJECT)
                    .may("computerUse", OBJECT)
                    .may("googleSearchRetrieval", OBJECT);

    static final Fields DEVELOPER =
            COMMON.may(
                            "googleSearch",
                            SEARCH.may(
                                    "timeRangeFilter",
                                    must("startTime", FILLED).must("endTime", FILLED)))
                    .may(
                            "fileSearch",
                            must("fileSearchStoreNames", items(FILLED, 1, 100))
                                    .may("metadataFilter", TEXT)
                                    .may("topK", new Whole(1, 1_000)))
                    .may("mcpServers", items(OBJECT));
    static final Fields VERTEX =
            COMMON.may(
                            "googleSearch",
                            SEARCH.may("excludeDomains", items(FILLED))
                                    .may("blockingConfidence", TEXT))
                    .may("retrieval", OBJECT)
                    .may("enterpriseWebSearch", OBJECT)
                    .may("parallelAiSearch", OBJECT)
                    .may("exaAiSearch", OBJECT);

    static final Fields CONFIG =
            may(
                            "functionCallingConfig",
                            may(
                                            "mode",
                                            choice(
                                                    "MODE_UNSPECIFIED",
                                                    "AUTO",
                                                    "ANY",
                                                    "NONE",
                                                    "VALIDATED"))
                                    .may("allowedFunctionNames", items(FILLED)))
                    .may(
                            "retrievalConfig",
                            may(
                                            "latLng",
                                            must("latitude", new Decimal(-90, 90))
                                                    .must("longitude", new Decimal(-180, 180)))
                                    .may("languageCode", TEXT))
                    .may("includeServerSideToolInvocations", FLAG);

    private ToolShapes() {}
}
