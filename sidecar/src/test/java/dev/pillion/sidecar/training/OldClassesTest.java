package dev.pillion.sidecar.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldClassesTest {
    private static final FileTime TIME = FileTime.from(Instant.parse("2025-01-02T03:04:06Z"));

    @TempDir Path lib;

    /** {@code static String larger(boolean)} with a branch, which is what stack maps are for. */
    private static byte[] oldClass(int version) {
        return ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
                .build(
                        ClassDesc.of("old.Choice"),
                        type ->
                                type.withVersion(version, 0)
                                        .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_SUPER)
                                        .withMethodBody(
                                                "choose",
                                                MethodTypeDesc.of(
                                                        ConstantDescs.CD_String,
                                                        ConstantDescs.CD_boolean),
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                code ->
                                                        code.iload(0)
                                                                .ifThenElse(
                                                                        yes -> yes.ldc("yes"),
                                                                        no -> no.ldc("no"))
                                                                .areturn()));
    }

    private Path jar(String name, Map<String, byte[]> entries) throws IOException {
        Path jar = lib.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new ZipOutputStream(file)) {
            for (var each : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(each.getKey()));
                out.write(each.getValue());
                out.closeEntry();
            }
        }
        Files.setLastModifiedTime(jar, TIME);
        return jar;
    }

    private static byte[] entry(Path jar, String name) throws IOException {
        try (var zip = new ZipFile(jar.toFile());
                InputStream in = zip.getInputStream(zip.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    @Test
    void aClassOfJava5GetsStackMapsAndDoesWhatItDid() throws Exception {
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("old/Choice.class", oldClass(ClassFile.JAVA_5_VERSION));
        entries.put("old/notes.txt", new byte[] {1, 2, 3});
        Path jar = jar("old.jar", entries);

        assertEquals("1 made new", OldClasses.renew(lib));

        byte[] made = entry(jar, "old/Choice.class");
        assertEquals(ClassFile.JAVA_21_VERSION, ClassFile.of().parse(made).majorVersion());
        assertArrayEquals(new byte[] {1, 2, 3}, entry(jar, "old/notes.txt"));
        assertTrue(entry(jar, "META-INF/CHANGED-BY-PILLION").length > 0);
        assertEquals(TIME, Files.getLastModifiedTime(jar));
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            var choose = loader.loadClass("old.Choice").getMethod("choose", boolean.class);
            assertEquals("yes", choose.invoke(null, true));
            assertEquals("no", choose.invoke(null, false));
        }
    }

    @Test
    void twoBuildsMakeTheSameJar() throws Exception {
        var entries = Map.of("old/Choice.class", oldClass(ClassFile.JAVA_5_VERSION));
        Path jar = jar("old.jar", entries);
        OldClasses.renew(lib);
        byte[] first = Files.readAllBytes(jar);
        jar("old.jar", entries);
        OldClasses.renew(lib);
        assertArrayEquals(first, Files.readAllBytes(jar));
        assertEquals("0 made new", OldClasses.renew(lib));
    }

    @Test
    void aJarWithoutOldClassesAndASignedOneStayAsTheyAre() throws Exception {
        byte[] newer = entryOfThisTest();
        Path plain = jar("new.jar", Map.of("a/B.class", newer));
        var sealed = new LinkedHashMap<String, byte[]>();
        sealed.put("META-INF/KEY.SF", new byte[] {1});
        sealed.put("old/Choice.class", oldClass(ClassFile.JAVA_5_VERSION));
        Path signed = jar("signed.jar", sealed);
        byte[] before = Files.readAllBytes(plain);
        byte[] beforeSigned = Files.readAllBytes(signed);

        assertEquals("0 made new", OldClasses.renew(lib));

        assertArrayEquals(before, Files.readAllBytes(plain));
        assertArrayEquals(beforeSigned, Files.readAllBytes(signed));
    }

    private static byte[] entryOfThisTest() throws IOException {
        try (InputStream in = OldClassesTest.class.getResourceAsStream("OldClassesTest.class")) {
            return in.readAllBytes();
        }
    }

    @Test
    void aClassThatCannotBeReadIsToldAndItsJarLeftAlone() throws Exception {
        byte[] damaged = oldClass(ClassFile.JAVA_5_VERSION);
        Arrays.fill(damaged, 10, 40, (byte) 0x7f);
        Path jar = jar("old.jar", Map.of("old/Choice.class", damaged));
        byte[] before = Files.readAllBytes(jar);

        Trouble trouble = assertThrows(Trouble.class, () -> OldClasses.renew(lib));

        assertTrue(trouble.getMessage().startsWith("old/Choice.class has no stack maps"));
        assertArrayEquals(before, Files.readAllBytes(jar));
        assertFalse(Files.exists(lib.resolve("old.jar.new")));
    }
}
