package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import org.jspecify.annotations.Nullable;

/**
 * One call: gets a connection, is served by it, and tells the listener of exactly one end. A reused
 * connection that turns out closed before the answer began costs one more try, on a fresh one: the
 * vendor had closed it for having been idle.
 */
final class Call implements VendorCall {
    private final LoopVendors vendors;
    private final Target target;
    private final VendorRequest request;
    private final VendorListener listener;
    private @Nullable Connecting connecting;
    private @Nullable Connection connection;
    private boolean inSend = true;
    private boolean done;
    private boolean toldSent;
    private boolean retried;
    private boolean paused;

    Call(LoopVendors vendors, Target target, VendorRequest request, VendorListener listener) {
        this.vendors = vendors;
        this.target = target;
        this.request = request;
        this.listener = listener;
    }

    VendorRequest request() {
        return request;
    }

    Target target() {
        return target;
    }

    VendorListener listener() {
        return listener;
    }

    long firstByteNanos() {
        return request.firstByte().toNanos();
    }

    long idleNanos() {
        return request.idle().toNanos();
    }

    /** Begins; what there is to tell at once is told after it has returned. */
    void start() {
        Fault problem = RequestHead.problem(target, request);
        if (problem != null) {
            failed(problem);
        } else {
            Connection idle = request.once() ? null : target.pool().take();
            if (idle != null) {
                serveOn(idle);
            } else {
                connect();
            }
        }
        inSend = false;
    }

    private void connect() {
        if (!target.pool().takeRoom()) {
            failed(Failures.tooMany(target, target.pool().maxOpen()));
            return;
        }
        var attempt = new Connecting(vendors, target, this);
        connecting = attempt;
        attempt.start();
    }

    void connected(Connection fresh) {
        connecting = null;
        serveOn(fresh);
    }

    void notConnected(Fault fault) {
        connecting = null;
        failed(fault);
    }

    private void serveOn(Connection next) {
        connection = next;
        ByteSink head = vendors.scratch();
        head.reset();
        RequestHead.write(head, target, request, RequestBytes.length(request.body()));
        next.serve(this, head, paused);
    }

    /** The connection is gone, and not a byte of the answer came over it. */
    void lostUnanswered(Connection gone, Fault fault) {
        connection = null;
        if (done || retried || request.once() || !gone.used() || vendors.isClosed()) {
            failed(fault);
        } else {
            retried = true;
            connect();
        }
    }

    void sent() {
        if (done || toldSent) {
            return;
        }
        if (inSend) {
            vendors.loop().execute(this::sent);
            return;
        }
        toldSent = true;
        listener.sent();
    }

    void ended() {
        connection = null;
        if (over()) {
            listener.end();
        }
    }

    void failed(Fault fault) {
        connection = null;
        if (inSend) {
            vendors.loop().execute(() -> failed(fault));
        } else if (over()) {
            listener.failed(fault);
        }
    }

    @Override
    public void cancel() {
        if (over()) {
            leave();
        }
    }

    /** Pillion closes its connections. */
    void closing() {
        if (over()) {
            leave();
            listener.failed(Failures.closing(target));
        }
    }

    @Override
    public void pause() {
        paused = true;
        if (connection != null) {
            connection.pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (connection != null) {
            connection.resume();
        }
    }

    private void leave() {
        if (connecting != null) {
            connecting.cancel();
            connecting = null;
        }
        if (connection != null) {
            connection.abandon();
            connection = null;
        }
    }

    /** Whether this is the end, of which there is one. */
    private boolean over() {
        boolean first = !done;
        done = true;
        vendors.forget(this);
        return first;
    }
}
