package dev.pillion.adapters.openai;

import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.ReplyTap;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.wire.ByteSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Feeds bytes to decoders and taps, whole or in random pieces. */
final class Chunks {
    private Chunks() {}

    static List<ByteBuffer> of(byte[] bytes, Random random) {
        List<ByteBuffer> pieces = new ArrayList<>();
        int most = 1 + random.nextInt(random.nextBoolean() ? 8 : 700);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(most));
            byte[] piece = new byte[length];
            System.arraycopy(bytes, at, piece, 0, length);
            pieces.add(ByteBuffer.wrap(piece));
            at += length;
        }
        return pieces;
    }

    static List<ByteBuffer> whole(byte[] bytes) {
        return List.of(ByteBuffer.wrap(bytes.clone()));
    }

    static List<ChatEvent> decode(ReplyDecoder decoder, List<ByteBuffer> pieces) {
        List<ChatEvent> events = new ArrayList<>();
        pieces.forEach(piece -> decoder.body(piece, events::add));
        decoder.end(events::add);
        return events;
    }

    static List<ChatEvent> decode(String body) {
        return decode(new ChatDecoder("audio/wav"), whole(body.getBytes(StandardCharsets.UTF_8)));
    }

    static ReplyFold fold(List<ChatEvent> events) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        return fold;
    }

    static String tap(ReplyTap tap, List<ByteBuffer> pieces) {
        var all = new ByteSink();
        var out = new ByteSink();
        for (ByteBuffer piece : pieces) {
            tap.body(piece, out);
            all.write(out.array(), 0, out.size());
            out.reset();
        }
        tap.end(all);
        return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }
}
