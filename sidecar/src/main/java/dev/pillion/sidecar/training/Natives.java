package dev.pillion.sidecar.training;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Netty's native libraries for this machine, laid beside their jars: what Netty finds on the
 * library path it need not unpack into a temporary folder at every start, which a container may not
 * even let it write.
 */
final class Natives {
    private static final String FOLDER = "META-INF/native/";

    private Natives() {}

    static String unpack(Path lib) throws Trouble, IOException {
        String machine = machine();
        Path target = Files.createDirectories(lib.resolve("native"));
        int found = 0;
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(lib, "*-linux-" + machine + ".jar")) {
            for (Path jar : jars) {
                found += unpack(jar, target);
            }
        }
        if (found == 0) {
            throw new Trouble("no jar in lib/ has any for linux-" + machine);
        }
        return found + " for linux-" + machine;
    }

    /** The machine's name as Netty's jars have it. */
    private static String machine() throws Trouble {
        String name = System.getProperty("os.arch");
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "aarch_64";
            default -> throw new Trouble("Netty has none for " + name);
        };
    }

    private static int unpack(Path jar, Path target) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> libraries =
                    zip.stream()
                            .filter(entry -> entry.getName().startsWith(FOLDER))
                            .filter(entry -> entry.getName().endsWith(".so"))
                            .toList();
            for (ZipEntry library : libraries) {
                Path file = target.resolve(library.getName().substring(FOLDER.length()));
                try (InputStream bytes = zip.getInputStream(library)) {
                    Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return libraries.size();
        }
    }
}
