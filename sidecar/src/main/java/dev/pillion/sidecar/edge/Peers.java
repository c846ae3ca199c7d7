package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.exchange.Peer;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Asks the kernel who is at the other end. */
final class Peers {
    private Peers() {}

    /** Null on TCP, and where there is no epoll. */
    static @Nullable Peer of(Channel channel) throws IOException {
        if (!(channel instanceof EpollDomainSocketChannel unix)) {
            return null;
        }
        PeerCredentials who = unix.peerCredentials();
        int[] gids = who.gids();
        return new Peer(who.uid(), gids.length == 0 ? -1 : gids[0], who.pid());
    }
}
