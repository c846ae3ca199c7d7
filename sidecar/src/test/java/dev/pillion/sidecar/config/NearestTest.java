package dev.pillion.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({
        "keys, keys, 0",
        "keyz, keys, 1",
        "kyes, keys, 1",
        "ke, keys, 2",
        "'', keys, 4",
        "KEYS, keys, 0",
        "kitten, sitting, 3",
        "abcd, badc, 2"
    })
    void theDistanceIsTheNumberOfSlips(String a, String b, int distance) {
        assertEquals(distance, Nearest.distance(a, b));
        assertEquals(distance, Nearest.distance(b, a));
    }

    @Test
    void onlyASlipOfTheHandIsGuessed() {
        assertEquals("'timeouts'", Nearest.hint("timeout", List.of("keys", "timeouts")));
        assertNull(Nearest.hint("colour", List.of("keys", "timeouts")));
        assertNull(Nearest.hint("x", List.of()));
    }
}
