package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.nio.charset.StandardCharsets;

/** The probabilities of an answer's tokens: all alike, and made up. */
final class Logprobs {
    private Logprobs() {}

    /**
     * @param top how many tokens to name at each place
     */
    static ArrayNode of(String text, int top) {
        var tokens = Trees.array();
        Wording.pieces(text).forEach(piece -> tokens.add(token(piece, top)));
        return tokens;
    }

    private static ObjectNode token(String piece, int most) {
        var token = probable(piece);
        var top = token.putArray("top_logprobs");
        for (int i = 0; i < most; i++) {
            top.add(probable(i == 0 ? piece : piece + i).put("logprob", -0.25 - i));
        }
        return token;
    }

    private static ObjectNode probable(String piece) {
        var token = Trees.object().put("token", piece).put("logprob", -0.25);
        var bytes = token.putArray("bytes");
        for (byte b : piece.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(b & 0xff);
        }
        return token;
    }
}
