package dev.pillion.sidecar.rehearse;

import dev.pillion.sidecar.upstream.VendorRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Where one rehearsal plays: its loop, its dice, its virtual vendors. */
final class Stage {
    private final VirtualLoop loop = new VirtualLoop();
    private final Dice dice;
    private final List<Actor> actors;
    private final Instant begins;

    Stage(Dice dice, List<Actor> actors, Instant begins) {
        this.dice = dice;
        this.actors = actors;
        this.begins = begins;
    }

    VirtualLoop loop() {
        return loop;
    }

    Dice dice() {
        return dice;
    }

    List<Actor> actors() {
        return actors;
    }

    Instant instant() {
        return begins.plus(Duration.ofNanos(loop.nanos()));
    }

    int index(String modelId) {
        for (Actor actor : actors) {
            if (actor.model().id().equals(modelId)) {
                return actor.index();
            }
        }
        throw new IllegalStateException("no actor plays " + modelId);
    }

    /** Whom a call is for: the provider's model whose name stands in its path or body. */
    Actor actor(VendorRequest request) {
        String provider = request.endpoint().provider();
        List<Actor> there =
                actors.stream().filter(a -> a.model().provider().equals(provider)).toList();
        if (there.size() == 1) {
            return there.getFirst();
        }
        String text = text(request);
        Actor found = null;
        for (Actor each : there) {
            String id = each.model().vendorId();
            boolean longer = found == null || id.length() > found.model().vendorId().length();
            found = text.contains(id) && longer ? each : found;
        }
        if (found == null) {
            throw new IllegalStateException("a call to " + provider + " names no model");
        }
        return found;
    }

    private static String text(VendorRequest request) {
        var text = new StringBuilder(request.path());
        for (ByteBuffer slice : request.body()) {
            text.append(StandardCharsets.UTF_8.decode(slice.duplicate()));
        }
        return text.toString();
    }
}
