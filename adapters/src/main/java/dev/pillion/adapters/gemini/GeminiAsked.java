package dev.pillion.adapters.gemini;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What a grounded answer had looked up, and is billed by the call. */
final class GeminiAsked {
    private final Set<String> queries = new LinkedHashSet<>();
    private long mostQueries;
    private long mostPictures;
    private boolean maps;

    void query(String words) {
        queries.add(words);
    }

    /** As many queries stand in one chunk; the next may repeat them or name others. */
    void queries(long inOneChunk) {
        mostQueries = Math.max(mostQueries, inOneChunk);
    }

    void pictures(long inOneChunk) {
        mostPictures = Math.max(mostPictures, inOneChunk);
    }

    void maps() {
        maps = true;
    }

    /** How many searches were run. */
    long searches() {
        return Math.max(mostQueries, queries.size());
    }

    /**
     * What else was asked and is billed by the call: pictures searched for, and maps, which cost
     * once an answer that they back.
     */
    Map<String, Long> calls() {
        if (!maps && mostPictures == 0) {
            return Map.of();
        }
        Map<String, Long> calls = new LinkedHashMap<>();
        if (maps) {
            calls.put("maps", 1L);
        }
        if (mostPictures > 0) {
            calls.put("image_search", mostPictures);
        }
        return calls;
    }
}
