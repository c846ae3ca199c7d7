package dev.pillion.sidecar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Words that must not be found where they do not belong, in whatever form: plain (they need no
 * escapes in JSON or an address), in base64 at any of its three alignments, or in hexadecimal.
 */
final class Canaries {
    private final List<String> words;
    private final List<List<String>> forms = new ArrayList<>();

    Canaries(List<String> words) {
        this.words = words;
        words.forEach(word -> forms.add(forms(word)));
    }

    private static List<String> forms(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
        List<String> forms = new ArrayList<>(List.of(word, HexFormat.of().formatHex(bytes)));
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = new byte[shift + bytes.length];
            System.arraycopy(bytes, 0, shifted, shift, bytes.length);
            String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // the first and last letters depend on the neighbours
            String inner = text.substring(shift == 0 ? 0 : shift + 1, text.length() - 2);
            forms.add(inner);
            forms.add(inner.replace('+', '-').replace('/', '_'));
        }
        return forms;
    }

    /** Those that the text holds. */
    List<String> in(String text) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (forms.get(i).stream().anyMatch(text::contains)) {
                found.add(words.get(i));
            }
        }
        return found;
    }
}
