package dev.pillion.bench.micro;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ChatRequest;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What becomes of a request's body: it is scanned, or read whole and written anew. */
@State(Scope.Benchmark)
@NullUnmarked // JMH fills the fields before it measures
public class Codecs extends Measured {
    @Param public Format format;

    @Param({"1024", "65536"})
    public int bytes;

    private Dialect dialect;
    private Provider provider;
    private EncodeContext context;
    private Surface client;
    private ChatRequest request;

    @Setup
    public void prepare() {
        dialect = format.dialect();
        provider = format.provider();
        context = format.context();
        client = format.request(bytes);
        request = dialect.decode(client);
        if (client.body().length != bytes) {
            throw new IllegalStateException("a body of " + client.body().length + " bytes");
        }
    }

    /** All that pass-through needs to know of a body. */
    @Benchmark
    public Outline scan() {
        return dialect.outline(client);
    }

    /** From a client's format. */
    @Benchmark
    public ChatRequest decode() {
        return dialect.decode(client);
    }

    /** To a vendor's format. */
    @Benchmark
    public UpstreamCall encode() {
        return provider.encode(request, context);
    }
}
