package dev.pillion.sidecar.simulate.xai;

import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.matching;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.List;

/** Tools on xAI's Responses: the client's functions, and those that the vendor runs. */
final class XaiToolShapes {
    private static final Shape DATE = matching("\\d{4}-\\d{2}-\\d{2}", 10);
    private static final Shape DOMAINS = orNull(items(FILLED, 0, 5));
    private static final Shape HANDLES = orNull(items(FILLED, 0, 10));

    static final Shape TOOL = tool();

    private XaiToolShapes() {}

    private static Shape tool() {
        var all = new LinkedHashMap<String, Shape>();
        all.put(
                "function",
                typed("function")
                        .must("name", XaiChatShapes.NAME)
                        .may("description", orNull(TEXT))
                        .may("parameters", orNull(OBJECT))
                        .may("strict", orNull(FLAG)));
        all.put("web_search", webSearch());
        all.put(
                "x_search",
                typed("x_search")
                        .may("allowed_x_handles", HANDLES)
                        .may("excluded_x_handles", HANDLES)
                        .may("from_date", orNull(DATE))
                        .may("to_date", orNull(DATE))
                        .may("enable_image_understanding", orNull(FLAG))
                        .may("enable_video_understanding", orNull(FLAG)));
        for (var bare : List.of("code_interpreter", "view_image", "view_x_video")) {
            all.put(bare, typed(bare));
        }
        all.put(
                "image_generation",
                typed("image_generation")
                        .may("action", orNull(choice("auto", "generate", "edit"))));
        all.put(
                "file_search",
                typed("file_search")
                        .must("vector_store_ids", items(FILLED, 1, 10))
                        .may("max_num_results", orNull(new Whole(1, 100))));
        all.put("mcp", mcp());
        return XaiChatShapes.tagged(all);
    }

    private static Fields webSearch() {
        var domains = may("allowed_domains", DOMAINS).may("excluded_domains", DOMAINS);
        var place = may("type", orNull(choice("approximate")));
        for (var field : List.of("country", "city", "region", "timezone")) {
            place = place.may(field, orNull(TEXT));
        }
        return typed("web_search")
                .may("allowed_domains", DOMAINS)
                .may("excluded_domains", DOMAINS)
                .may("filters", orNull(domains))
                .may("user_location", orNull(place))
                .may("enable_image_search", orNull(FLAG))
                .may("enable_image_understanding", orNull(FLAG));
    }

    private static Fields mcp() {
        return typed("mcp")
                .must("server_url", FILLED)
                .may("server_label", orNull(TEXT))
                .may("server_description", orNull(TEXT))
                .may("allowed_tools", orNull(items(FILLED)))
                .may("headers", orNull(OBJECT))
                .may("authorization", orNull(TEXT));
    }
}
