package dev.pillion.protocol.wire;

import com.fasterxml.jackson.core.JsonProcessingException;

/** A text is not the JSON it should be. The message never quotes the text. */
public final class MalformedJson extends Exception {
    private static final long serialVersionUID = 1L;

    private final String pointer;
    private final long byteOffset;

    public MalformedJson(String message, String pointer, long byteOffset) {
        super(message);
        this.pointer = pointer;
        this.byteOffset = byteOffset;
    }

    /** Keeps what went wrong and where; the parser's words without its excerpt of the source. */
    public static MalformedJson of(JsonProcessingException e) {
        var at = e.getLocation();
        String where =
                at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        long offset = at == null ? 0 : Math.max(at.getByteOffset(), at.getCharOffset());
        String what = e.getOriginalMessage();
        int cut = what.indexOf('\n');
        String line = cut < 0 ? what : what.substring(0, cut);
        boolean quotes = line.startsWith("Unrecognized token");
        return new MalformedJson((quotes ? "an unknown word" : line) + where, "", offset);
    }

    /** JSON pointer of the place, empty when not known. */
    public String pointer() {
        return pointer;
    }

    public long byteOffset() {
        return byteOffset;
    }
}
