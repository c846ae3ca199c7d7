package dev.pillion.adapters.openai;

/** Finds where a JSON object that comes in pieces ends. */
final class JsonEnd {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean reached;

    void add(String piece) {
        for (int i = 0; i < piece.length() && !reached; i++) {
            add(piece.charAt(i));
        }
    }

    private void add(char c) {
        if (inString) {
            if (escaped) {
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (c == '"') {
                inString = false;
            }
            return;
        }
        switch (c) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> {
                depth--;
                reached = depth == 0;
            }
            default -> {}
        }
    }

    /** Whether the object is whole. */
    boolean reached() {
        return reached;
    }
}
