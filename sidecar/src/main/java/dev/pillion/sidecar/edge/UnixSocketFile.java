package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.upstream.Loops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The file of a listening Unix socket. It is bound under another name first, and takes its own name
 * with its mode set: so nobody meets it with the wrong mode, and a stale one is replaced at once.
 */
final class UnixSocketFile {
    /** sun_path holds 108 bytes, a NUL at the end. */
    private static final int MAX_PATH_BYTES = 107;

    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_SOCKET = 0140000;
    private static final long PROBE_SECONDS = 2;

    private final Path path;
    private final Path unnamed;
    private Object inode = "none";

    private UnixSocketFile(Path path, Path unnamed) {
        this.path = path;
        this.unnamed = unnamed;
    }

    /**
     * Sees to it that the name can be taken.
     *
     * @param directoryMode of directories that have to be made, such as {@code rwxr-xr-x}
     */
    static UnixSocketFile claim(Loops loops, Path wanted, String directoryMode)
            throws ListenException {
        Path path = wanted.toAbsolutePath().normalize();
        int number = ThreadLocalRandom.current().nextInt(0x10000);
        Path unnamed = path.resolveSibling("." + Integer.toHexString(number));
        checkLength(path);
        checkLength(unnamed);
        makeDirectory(path, directoryMode);
        checkStale(loops, path);
        return new UnixSocketFile(path, unnamed);
    }

    private static void checkLength(Path path) throws ListenException {
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_PATH_BYTES) {
            throw new ListenException(
                    "socket path " + path + " has " + bytes + " bytes (expected: at most 107)",
                    null);
        }
    }

    private static void makeDirectory(Path path, String mode) throws ListenException {
        Path directory = path.getParent();
        if (directory == null || Files.isDirectory(directory)) {
            return;
        }
        var attribute = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
        try {
            Files.createDirectories(directory, attribute);
            // the umask may have taken bits away
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw new ListenException(
                    "cannot create the directory " + directory + ": " + Reasons.of(e), e);
        }
    }

    private static void checkStale(Loops loops, Path path) throws ListenException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isSocket(path)) {
            throw new ListenException(
                    path + " exists and is not a socket; remove it or choose another path", null);
        }
        ChannelFuture probe =
                new Bootstrap()
                        .group(loops.group())
                        .channel(SocketTypes.unixClient(loops))
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect(SocketTypes.unixAddress(loops, path));
        try {
            boolean known = probe.awaitUninterruptibly(PROBE_SECONDS, TimeUnit.SECONDS);
            if (!known || probe.isSuccess()) {
                throw new ListenException(
                        path + " is in use: " + listener(probe.channel()) + " listens there", null);
            }
            if (!isRefused(probe.cause())) {
                throw new ListenException(
                        "cannot tell whether anyone listens on "
                                + path
                                + ": "
                                + Reasons.of(probe.cause())
                                + "; remove it or choose another path",
                        probe.cause());
            }
        } finally {
            probe.channel().close().awaitUninterruptibly();
        }
    }

    private static boolean isSocket(Path path) throws ListenException {
        try {
            Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return ((int) mode & TYPE_MASK) == TYPE_SOCKET;
        } catch (IOException e) {
            throw new ListenException("cannot look at " + path + ": " + Reasons.of(e), e);
        }
    }

    /** Nobody listens: the file was left behind. */
    private static boolean isRefused(Throwable cause) {
        String message = cause.getMessage();
        return message != null && message.contains("refused");
    }

    private static String listener(Channel channel) {
        if (!(channel instanceof EpollDomainSocketChannel unix)) {
            return "another process";
        }
        try {
            var who = unix.peerCredentials();
            return "process " + who.pid() + command(who.pid()) + " of uid " + who.uid();
        } catch (IOException e) {
            return "another process";
        }
    }

    private static String command(int pid) {
        try {
            return " (" + Files.readString(Path.of("/proc/" + pid + "/comm")).strip() + ")";
        } catch (IOException e) { // in another pid namespace
            return "";
        }
    }

    /** Where to bind. */
    Path unnamed() {
        return unnamed;
    }

    /** Gives the bound socket its mode, such as {@code rw-rw----}, and its name. */
    void name(String mode) throws ListenException {
        try {
            Files.setPosixFilePermissions(unnamed, PosixFilePermissions.fromString(mode));
            Files.move(unnamed, path, StandardCopyOption.ATOMIC_MOVE);
            inode = inode(path);
        } catch (IOException e) {
            removeUnnamed();
            throw new ListenException("cannot create " + path + ": " + Reasons.of(e), e);
        }
    }

    private static Object inode(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private void removeUnnamed() throws ListenException {
        try {
            Files.deleteIfExists(unnamed);
        } catch (IOException e) {
            throw new ListenException("cannot remove " + unnamed + ": " + Reasons.of(e), e);
        }
    }

    /** Removes the file if it is still the one made here. */
    void remove() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && inode(path).equals(inode)) {
            Files.delete(path);
        }
    }
}
