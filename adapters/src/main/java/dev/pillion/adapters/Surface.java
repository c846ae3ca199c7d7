package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.LoneSurrogates;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent on a surface.
 *
 * @param path the raw path, percent-encoding kept, without the query
 * @param query what follows the question mark, raw; null without one
 * @param body the whole body, never changed; UTF-8 where it is to be read as JSON: who made the
 *     surface has looked
 */
@SuppressWarnings("ArrayRecordComponent")
public record Surface(String path, @Nullable String query, Headers headers, byte[] body) {
    public Surface(String path, Headers headers, byte[] body) {
        this(path, null, headers, body);
    }

    /**
     * The body as JSON.
     *
     * @throws FaultException that says where it is not valid
     */
    public JsonNode json() {
        try {
            return Json.readUtf8(body);
        } catch (MalformedJson e) {
            throw invalid(e);
        }
    }

    /**
     * The body as JSON, all strings of which are whole characters.
     *
     * @throws FaultException that says where it is not valid
     */
    public JsonNode wellFormed() {
        try {
            return LoneSurrogates.read(body);
        } catch (MalformedJson e) {
            throw invalid(e);
        }
    }

    private static FaultException invalid(MalformedJson e) {
        return Fault.invalid("the body is not valid JSON: " + e.getMessage(), e.pointer())
                .asException();
    }
}
