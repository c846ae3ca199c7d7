package dev.pillion.sidecar.simulate;

import dev.pillion.sidecar.simulate.FaultSwitch.Picked;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.ErrorEvent;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.SimulatedVendor;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns an answer, and what is to go wrong with it, into steps. */
final class ReplyScript {
    private final SimulatedVendor vendor;
    private final Picked picked;
    private final Wire wire;
    private final boolean keepAlive;
    private final List<Step> steps = new ArrayList<>();

    private ReplyScript(
            SimulatedVendor vendor, Picked picked, boolean keepAlive, long delayMillis) {
        this.vendor = vendor;
        this.picked = picked;
        this.keepAlive = keepAlive;
        this.wire = new Wire(picked.shaping(), delayMillis, steps);
    }

    /**
     * @param keepAlive whether the client wants the connection kept
     * @param delayMillis before every event of a stream
     */
    static List<Step> of(
            Reply reply,
            SimulatedVendor vendor,
            Picked picked,
            boolean keepAlive,
            long delayMillis) {
        var script = new ReplyScript(vendor, picked, keepAlive, delayMillis);
        script.write(reply);
        return script.steps;
    }

    private void write(Reply reply) {
        switch (picked.main()) {
            case Misbehaviour.GarbageHttp _ -> garbageHttp();
            case Break(int after, var how) when after < 0 -> stop(how);
            case null, default -> answer(reply);
        }
    }

    private void answer(Reply reply) {
        switch (reply) {
            case Reply.Whole whole -> whole(whole);
            case Reply.Events events -> events(events);
        }
    }

    private void garbageHttp() {
        var garbage = "\u0016\u0003\u0001 this is no HTTP\r\n\u00ff\u00fe\r\n\r\n";
        steps.add(new Step.Send(garbage.getBytes(StandardCharsets.ISO_8859_1), true));
        steps.add(new Step.Close());
    }

    private void stop(How how) {
        steps.add(
                switch (how) {
                    case HANG -> new Step.Hang();
                    case CLOSE -> new Step.Close();
                    case RESET -> new Step.Reset();
                    case END -> new Step.Done(keepAlive);
                });
    }

    private void whole(Reply.Whole reply) {
        var body = wire.encode(reply.body());
        switch (picked.main()) {
            case Break(int after, var how) when how != How.END -> {
                wire.head(reply, body.length, keepAlive);
                wire.send(Arrays.copyOf(body, after == 0 ? 0 : body.length / 2));
                stop(how);
            }
            case Misbehaviour.WrongLength(int extra) -> {
                wire.head(reply, Math.max(0, body.length + extra), keepAlive);
                wire.send(body);
                steps.add(extra > 0 ? new Step.Close() : new Step.Done(keepAlive));
            }
            case Misbehaviour.TruncatedChunk _ -> {
                wire.chunkedHead(reply, keepAlive);
                wire.text(Integer.toHexString(body.length) + "\r\n");
                wire.send(Arrays.copyOf(body, body.length / 2));
                steps.add(new Step.Close());
            }
            case Misbehaviour.NeverEnds _ -> {
                wire.chunkedHead(reply, keepAlive);
                wire.chunk(body);
                steps.add(new Step.Hang());
            }
            case Misbehaviour.EmptyBody _ -> complete(reply, new byte[0]);
            case Misbehaviour.GarbageJson _ -> complete(reply, wire.encode("{\"id\": \"msg_, ]"));
            case null, default -> complete(reply, body);
        }
    }

    private void complete(Reply reply, byte[] body) {
        wire.head(reply, body.length, keepAlive);
        wire.send(body);
        steps.add(new Step.Done(keepAlive));
    }

    private void events(Reply.Events reply) {
        if (picked.main() instanceof Misbehaviour.EmptyBody) {
            complete(reply, new byte[0]);
            return;
        }
        wire.chunkedHead(reply, keepAlive);
        var sent = wire.events(chosen(reply.events()), reply.framing(), broken());
        sent.forEach(this::event);
        finish();
    }

    private void event(byte[] bytes) {
        wire.pause();
        wire.chunk(bytes);
    }

    /** Whether the stream does not come to its end. */
    private boolean broken() {
        return picked.main() instanceof Break
                || picked.main() instanceof Misbehaviour.NeverEnds
                || picked.main() instanceof Misbehaviour.TruncatedChunk;
    }

    /** The events that get through. */
    private List<SseEvent> chosen(List<SseEvent> all) {
        return switch (picked.main()) {
            case ErrorEvent(int after, int status) -> {
                var some = new ArrayList<>(all.subList(0, Math.min(after, all.size() - 1)));
                some.add(vendor.errorEvent(vendor.usualError(status), all, some.size()));
                yield some;
            }
            case Break(int after, _) -> all.subList(0, Math.min(after, all.size() - 1));
            case Misbehaviour.NeverEnds(boolean terminal) when !terminal ->
                    all.stream().filter(event -> !vendor.terminal(event)).toList();
            case Misbehaviour.GarbageJson _ -> {
                var some = new ArrayList<>(all.subList(0, Math.min(2, all.size())));
                some.add(new SseEvent(all.getFirst().name(), "{\"id\": \"chatcmpl-, ]"));
                yield some;
            }
            case null, default -> all;
        };
    }

    private void finish() {
        switch (picked.main()) {
            case Break(_, var how) when how != How.END -> stop(how);
            case Misbehaviour.NeverEnds _ -> steps.add(new Step.Hang());
            case Misbehaviour.TruncatedChunk _ -> {
                wire.text("ffff\r\ndata: {\"cut");
                steps.add(new Step.Close());
            }
            case null, default -> {
                wire.lastChunk();
                steps.add(new Step.Done(keepAlive));
            }
        }
    }
}
