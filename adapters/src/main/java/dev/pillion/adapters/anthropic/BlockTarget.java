package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseWriter;

/**
 * Where content blocks go: into an event stream, or into a message. One block is open at a time.
 */
interface BlockTarget {

    /** Opens a block; the node is its form at {@code content_block_start}. */
    void open(ObjectNode block);

    void text(String delta);

    void thinking(String delta);

    void input(String jsonDelta);

    void signature(String signature);

    void citation(JsonNode citation);

    void close();

    /** Events, with dense indexes. */
    final class Stream implements BlockTarget {
        private ByteSink out = new ByteSink(0);
        private int index = -1;

        /** Says where the next events go. */
        Stream to(ByteSink sink) {
            out = sink;
            return this;
        }

        @Override
        public void open(ObjectNode block) {
            index++;
            SseWriter.frame(
                    out,
                    "content_block_start",
                    json -> {
                        json.writeStartObject();
                        json.writeStringField("type", "content_block_start");
                        json.writeNumberField("index", index);
                        json.writeObjectField("content_block", citable(block));
                        json.writeEndObject();
                    });
        }

        /** A list from the start: the Java SDK can't add a citation to what was null. */
        private static ObjectNode citable(ObjectNode block) {
            if (!block.path("citations").isNull()) {
                return block;
            }
            var list = Json.nodes().arrayNode();
            return block.deepCopy().set("citations", list);
        }

        private void delta(String type, String field, String value) {
            SseWriter.frame(
                    out,
                    "content_block_delta",
                    json -> {
                        json.writeStartObject();
                        json.writeStringField("type", "content_block_delta");
                        json.writeNumberField("index", index);
                        json.writeObjectFieldStart("delta");
                        json.writeStringField("type", type);
                        json.writeStringField(field, value);
                        json.writeEndObject();
                        json.writeEndObject();
                    });
        }

        @Override
        public void text(String delta) {
            delta("text_delta", "text", delta);
        }

        @Override
        public void thinking(String delta) {
            delta("thinking_delta", "thinking", delta);
        }

        @Override
        public void input(String jsonDelta) {
            delta("input_json_delta", "partial_json", jsonDelta);
        }

        @Override
        public void signature(String signature) {
            delta("signature_delta", "signature", signature);
        }

        @Override
        public void citation(JsonNode citation) {
            SseWriter.frame(
                    out,
                    "content_block_delta",
                    json -> {
                        json.writeStartObject();
                        json.writeStringField("type", "content_block_delta");
                        json.writeNumberField("index", index);
                        json.writeObjectFieldStart("delta");
                        json.writeStringField("type", "citations_delta");
                        json.writeObjectField("citation", citation);
                        json.writeEndObject();
                        json.writeEndObject();
                    });
        }

        @Override
        public void close() {
            SseWriter.frame(
                    out,
                    "content_block_stop",
                    json -> {
                        json.writeStartObject();
                        json.writeStringField("type", "content_block_stop");
                        json.writeNumberField("index", index);
                        json.writeEndObject();
                    });
        }
    }

    /** The content of a whole message: what a client would fold the events to. */
    final class Whole implements BlockTarget {
        private final ArrayNode content = Json.nodes().arrayNode();
        private final StringBuilder grown = new StringBuilder();
        private ObjectNode block = Json.object();
        private String field = "";

        ArrayNode content() {
            return content;
        }

        @Override
        public void open(ObjectNode opened) {
            block = opened.deepCopy();
            content.add(block);
            grown.setLength(0);
            field = "";
        }

        private void grow(String name, String delta) {
            field = name;
            grown.append(delta);
        }

        @Override
        public void text(String delta) {
            grow("text", delta);
        }

        @Override
        public void thinking(String delta) {
            grow("thinking", delta);
        }

        @Override
        public void input(String jsonDelta) {
            grow("input", jsonDelta);
        }

        @Override
        public void signature(String signature) {
            block.put("signature", signature);
        }

        @Override
        public void citation(JsonNode citation) {
            if (block.path("citations").isArray()) {
                ((ArrayNode) block.path("citations")).add(citation);
            } else {
                block.putArray("citations").add(citation);
            }
        }

        @Override
        public void close() {
            if (field.equals("input")) {
                block.set("input", parsed(grown.toString()));
            } else if (!field.isEmpty()) {
                block.put(field, grown.toString());
            }
        }

        /** A call that was cut has no input that could be parsed. */
        private static JsonNode parsed(String json) {
            try {
                JsonNode input = Json.read(json);
                return input.isObject() ? input : Json.object().set("_raw", input);
            } catch (MalformedJson e) {
                return Json.object().put("_raw", json); // What the model wrote, as it wrote it.
            }
        }
    }
}
