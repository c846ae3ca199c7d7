package dev.pillion.sidecar.account;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a crash has left half written at the end of segments that nobody writes any more, and
 * seals them. What is not such a tail stays: damaged places that records follow, and segments of
 * another release.
 */
final class Mending {
    private final Segments segments;
    private final Consumer<String> told;

    /** {@code told} takes a line for each segment that was not sound. */
    Mending(Segments segments, Consumer<String> told) {
        this.segments = segments;
        this.told = told;
    }

    /** Mends all segments but those of living daemons; {@code own}: the claim of this one. */
    void run(Claim own) throws IOException {
        Collection<List<Segments.Found>> byNumber =
                segments.found().stream()
                        .filter(each -> !each.sealed())
                        .collect(
                                Collectors.groupingBy(
                                        Segments.Found::number, TreeMap::new, Collectors.toList()))
                        .values();
        for (List<Segments.Found> some : byNumber) {
            int number = some.getFirst().number();
            if (number == own.number()) {
                mend(some);
                continue;
            }
            try (@Nullable Claim other = Claim.of(segments.directory(), number)) {
                if (other != null) {
                    mend(some);
                }
            }
        }
    }

    private void mend(List<Segments.Found> some) {
        for (Segments.Found each : some) {
            try {
                mend(each.path());
            } catch (NoSuchFileException e) {
                segments.damaged(each.path(), 0); // another daemon has just deleted it
            } catch (IOException e) {
                told.accept(each.path() + ": can't be looked through: " + e.getMessage());
            }
        }
    }

    private void mend(Path path) throws IOException {
        Segment.Extent extent = Segment.read(path, (bytes, offset, length) -> {});
        segments.damaged(path, extent.gaps());
        if (extent.foreign()) {
            told.accept(path + ": is of another release, and stays as it is, unread");
            return;
        }
        if (extent.gaps() > 0) {
            told.accept(
                    "%s: %d bytes in %d damaged places can't be read; %d records can"
                            .formatted(path, extent.gapBytes(), extent.gaps(), extent.records()));
        }
        if (extent.isTorn() && extent.soundBytes() == 0 && !Segment.isTornHead(path)) {
            segments.damaged(path, 1);
            told.accept(path + ": has no record of the ledger in it, and stays as it is");
            return;
        }
        if (extent.isTorn()) {
            cut(path, extent);
        }
        Segments.seal(path);
    }

    private void cut(Path path, Segment.Extent extent) throws IOException {
        told.accept(
                "%s: %d bytes behind the last whole record (%d records) are cut"
                        .formatted(path, extent.bytes() - extent.soundBytes(), extent.records()));
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(extent.soundBytes());
            file.getFD().sync();
        }
    }
}
