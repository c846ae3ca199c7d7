package dev.pillion.sidecar.training;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives classes compiled for Java 5 or older the stack maps of later class files, and their
 * version. Without them the JVM puts no class into a cache, and at every start it reads each from
 * its jar and verifies it in the old, slow way: for picocli a tenth of a second of every command.
 * Nothing else of a class is changed, and jars that have none are left as they are.
 */
final class OldClasses {
    /** Java 6, the first whose class files have stack maps. */
    private static final int WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;

    private static final String NOTE = "META-INF/CHANGED-BY-PILLION";
    private static final String SAID =
            "Pillion's build gave the classes of this jar stack maps (class files of Java 21).\n";

    private final ClassFile classFile;
    private int changed;

    private OldClasses(ClassHierarchyResolver hierarchy) {
        this.classFile =
                ClassFile.of(
                        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                        ClassFile.ClassHierarchyResolverOption.of(hierarchy));
    }

    /**
     * Changes the jars of a folder in place; each keeps its time.
     *
     * @return what was done
     * @throws Trouble when a class's stack maps can't be made; then its jar is as it was
     */
    static String renew(Path lib) throws Trouble, IOException {
        List<Path> jars = jars(lib);
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        int renewed = 0;
        try (var loader = new URLClassLoader(urls, null)) {
            var hierarchy =
                    ClassHierarchyResolver.ofResourceParsing(loader)
                            .orElse(ClassHierarchyResolver.defaultResolver())
                            .cached();
            for (Path jar : jars) {
                var old = new OldClasses(hierarchy);
                byte[] written = old.rewritten(jar);
                if (old.changed > 0) {
                    replace(jar, written);
                    renewed += old.changed;
                }
            }
        }
        return renewed + " made new";
    }

    static List<Path> jars(Path lib) throws IOException {
        var jars = new ArrayList<Path>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(lib, "*.jar")) {
            found.forEach(jars::add);
        }
        jars.sort(null);
        return jars;
    }

    /** Beside it and then in its place: who has the old one open, keeps it. */
    private static void replace(Path jar, byte[] written) throws IOException {
        FileTime time = Files.getLastModifiedTime(jar);
        Path beside = jar.resolveSibling(jar.getFileName() + ".new");
        Files.write(beside, written);
        Files.setLastModifiedTime(beside, time);
        Files.delete(jar);
        Files.move(beside, jar);
    }

    private byte[] rewritten(Path jar) throws Trouble, IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipFile(jar.toFile());
                var out = new ZipOutputStream(bytes)) {
            if (!hasOld(zip)) {
                return new byte[0];
            }
            for (ZipEntry entry : List.copyOf(zip.stream().toList())) {
                add(out, entry, renewed(entry.getName(), content(zip, entry)));
            }
            ZipEntry note = new ZipEntry(NOTE);
            note.setTimeLocal(zip.entries().nextElement().getTimeLocal());
            add(out, note, SAID.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream out, ZipEntry like, byte[] content) throws IOException {
        var entry = new ZipEntry(like.getName());
        entry.setTimeLocal(like.getTimeLocal());
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    private static boolean hasOld(ZipFile zip) throws IOException {
        boolean old = false;
        for (ZipEntry entry : List.copyOf(zip.stream().toList())) {
            if (entry.getName().startsWith("META-INF/") && entry.getName().endsWith(".SF")) {
                return false; // signed: a change would break its seal
            }
            old |= isOld(entry.getName(), zip, entry);
        }
        return old;
    }

    private static boolean isOld(String name, ZipFile zip, ZipEntry entry) throws IOException {
        if (!name.endsWith(".class")) {
            return false;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return isOld(name, in.readNBytes(8));
        }
    }

    private static boolean isOld(String name, byte[] start) {
        return name.endsWith(".class")
                && start.length >= 8
                && ((start[6] & 0xff) << 8 | (start[7] & 0xff)) < WITH_STACK_MAPS;
    }

    private static byte[] content(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private byte[] renewed(String name, byte[] bytes) throws Trouble {
        if (!isOld(name, bytes)) {
            return bytes;
        }
        try {
            ClassModel old = classFile.parse(bytes);
            byte[] made = classFile.transformClass(old, newVersion().andThen(codeAgain()));
            List<VerifyError> wrong = classFile.verify(made);
            if (!wrong.isEmpty()) {
                throw new Trouble(name + " has no stack maps: " + wrong.getFirst().getMessage());
            }
            changed++;
            return made;
        } catch (IllegalArgumentException e) {
            throw new Trouble(name + " has no stack maps: " + e.getMessage());
        }
    }

    private static ClassTransform newVersion() {
        return (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.JAVA_21_VERSION, 0);
            } else {
                builder.with(element);
            }
        };
    }

    /** Every instruction as it was: stack maps are made where code is built, not where copied. */
    private static ClassTransform codeAgain() {
        return ClassTransform.transformingMethodBodies(CodeBuilder::with);
    }
}
