package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.upstream.Loop;
import dev.pillion.sidecar.upstream.VendorCall;
import dev.pillion.sidecar.upstream.VendorListener;
import dev.pillion.sidecar.upstream.VendorRequest;
import dev.pillion.sidecar.upstream.Vendors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Vendors that answer what the test says, when it says so. */
final class FakeVendors implements Vendors {
    final List<Call> calls = new ArrayList<>();

    /** Thrown at the next send: a defect of ours. */
    @Nullable RuntimeException defect;

    /** One call, played by the test. */
    static final class Call implements VendorCall {
        final VendorRequest request;
        private final VendorListener listener;
        boolean cancelled;
        boolean paused;

        Call(VendorRequest request, VendorListener listener) {
            this.request = request;
            this.listener = listener;
        }

        String body() {
            var text = new StringBuilder();
            for (ByteBuffer slice : request.body()) {
                text.append(StandardCharsets.UTF_8.decode(slice.duplicate()));
            }
            return text.toString();
        }

        void head(int status, String contentType) {
            head(status, Headers.of("content-type", contentType));
        }

        void head(int status, Headers headers) {
            listener.sent();
            listener.head(status, headers);
        }

        /** It has the request, and is silent. */
        void takes() {
            listener.sent();
        }

        void says(String text) {
            if (!cancelled) {
                listener.body(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                listener.readComplete();
            }
        }

        void ends() {
            if (!cancelled) {
                listener.end();
            }
        }

        void answers(int status, String contentType, String body) {
            head(status, contentType);
            says(body);
            ends();
        }

        void breaks() {
            if (!cancelled) {
                listener.failed(Fault.network(FaultKind.UNAVAILABLE, "connection reset"));
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }
    }

    @Override
    public VendorCall send(Loop loop, VendorRequest request, VendorListener listener) {
        RuntimeException thrown = defect;
        if (thrown != null) {
            throw thrown;
        }
        var call = new Call(request, listener);
        calls.add(call);
        return call;
    }

    Call last() {
        return calls.getLast();
    }

    @Override
    public void close() {}
}
