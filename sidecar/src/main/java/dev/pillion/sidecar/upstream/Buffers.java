package dev.pillion.sidecar.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.OptionalLong;

/** The memory outside the heap that bytes on their way lie in. Thread-safe, and cheap to ask. */
public final class Buffers {
    private Buffers() {}

    /** What the allocator has taken from the system, in use or kept for the next. */
    public static OptionalLong reservedBytes() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? OptionalLong.of(provider.metric().usedDirectMemory())
                : OptionalLong.empty();
    }

    /** What of it living buffers hold; empty where the allocator can't tell. */
    public static OptionalLong usedBytes() {
        return ByteBufAllocator.DEFAULT instanceof PooledByteBufAllocator pooled
                ? OptionalLong.of(pooled.pinnedDirectMemory())
                : OptionalLong.empty();
    }
}
