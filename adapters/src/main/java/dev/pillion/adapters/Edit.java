package dev.pillion.adapters;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replaces the bytes [start, end) of a body by others; the rest goes on as slices of it. */
@SuppressWarnings("ArrayRecordComponent")
public record Edit(int start, int end, byte[] bytes) {
    /** Puts a member in as the object's first; others follow. */
    public static Edit member(byte[] body, String name, byte[] value) {
        int brace = 0;
        while (body[brace] != '{') {
            brace++;
        }
        String member = "\"" + name + "\":" + new String(value, StandardCharsets.UTF_8) + ",";
        return new Edit(brace + 1, brace + 1, member.getBytes(StandardCharsets.UTF_8));
    }

    /** The body with these edits, none of which overlap. */
    public static List<ByteBuffer> apply(byte[] body, List<Edit> edits) {
        List<ByteBuffer> slices = new ArrayList<>(2 * edits.size() + 1);
        int at = 0;
        for (Edit edit : inOrder(edits)) {
            slice(body, at, edit.start, slices);
            slices.add(ByteBuffer.wrap(edit.bytes));
            at = edit.end;
        }
        slice(body, at, body.length, slices);
        return slices;
    }

    private static List<Edit> inOrder(List<Edit> edits) {
        return edits.size() < 2
                ? edits
                : edits.stream().sorted(Comparator.comparingInt(Edit::start)).toList();
    }

    private static void slice(byte[] body, int from, int to, List<ByteBuffer> slices) {
        if (to > from) {
            slices.add(ByteBuffer.wrap(body, from, to - from));
        }
    }
}
