package dev.pillion.adapters.openai;

/** Searches in byte arrays. */
final class Bytes {
    private Bytes() {}

    /** The first place of the word in [from, to); -1 without one. */
    static int indexOf(byte[] bytes, int from, int to, byte[] word) {
        byte first = word[0];
        for (int at = from; at <= to - word.length; at++) {
            if (bytes[at] == first && matches(bytes, at, word)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] bytes, int at, byte[] word) {
        for (int i = 1; i < word.length; i++) {
            if (bytes[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }
}
