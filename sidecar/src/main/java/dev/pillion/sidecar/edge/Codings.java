package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Inflation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request says of content codings (RFC 9110, 8.4 and 12.5.3). */
final class Codings {
    /** What a client may use, as {@code accept-encoding} of a 415 says it. */
    static final String ACCEPTED = "gzip, deflate";

    /** Nobody packs what is packed more than once; twice is a proxy's mistake. */
    private static final int MAX_CODINGS = 2;

    private Codings() {}

    /**
     * The codings of a body in the order in which they are to be undone.
     *
     * @param value of {@code content-encoding}
     * @return null when one of them is not understood, or there are too many
     */
    static @Nullable List<Inflation.Coding> ofBody(String value) {
        List<Inflation.Coding> codings = new ArrayList<>(1);
        for (String word : value.split(",", -1)) {
            String name = word.strip();
            if (!name.isEmpty() && !name.equalsIgnoreCase("identity")) {
                Inflation.Coding coding = Inflation.Coding.of(name);
                if (coding == null || codings.size() == MAX_CODINGS) {
                    return null;
                }
                codings.addFirst(coding);
            }
        }
        return codings;
    }

    /**
     * Whether an answer that is not packed is refused: by name, or by a star where it is not named.
     *
     * @param value of {@code accept-encoding}
     */
    static boolean refusesPlain(String value) {
        if (value.indexOf(';') < 0) {
            return false;
        }
        boolean star = false;
        for (String word : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            int semicolon = word.indexOf(';');
            String name = (semicolon < 0 ? word : word.substring(0, semicolon)).strip();
            boolean never = semicolon >= 0 && isZero(word.substring(semicolon + 1).strip());
            if (name.equals("identity")) {
                return never;
            }
            star |= never && name.equals("*");
        }
        return star;
    }

    /** A weight of nought: {@code q=0}, with up to three more digits. */
    private static boolean isZero(String weight) {
        boolean zero = weight.startsWith("q=0");
        for (int i = 3; i < weight.length(); i++) {
            zero &= weight.charAt(i) == '0' || (i == 3 && weight.charAt(i) == '.');
        }
        return zero;
    }
}
