package dev.pillion.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CatalogImageTest {
    private static final long SEED = 7;
    private static final int DAMAGES = 200;

    private static final Catalog WRITTEN = Catalog.ofSources();

    @Test
    void whatIsReadOfTheImageIsWhatTheYamlSays() throws IOException {
        Catalog read = CatalogImage.read(ConfigReader.catalogImage());

        assertEquals(
                List.copyOf(WRITTEN.models().entrySet()), List.copyOf(read.models().entrySet()));
        for (ModelClass each : ModelClass.values()) {
            assertEquals(WRITTEN.order(each), read.order(each));
        }
        assertEquals(WRITTEN.pricesAsOf(), read.pricesAsOf());
        assertEquals(WRITTEN.config(), read.config());
    }

    @Test
    void theSameYamlMakesTheSameImage() throws IOException {
        assertArrayEquals(ConfigReader.catalogImage(), CatalogWriter.write(Catalog.ofSources()));
    }

    @Test
    void theImageOfThisBuildIsMadeOfItsYaml() throws IOException {
        byte[] image = Catalog.image();
        assumeTrue(image != null, "this build made none");
        assertArrayEquals(
                ConfigReader.catalogImage(), image, "catalog.bin is old: mvn process-classes");
    }

    @Test
    void aDamagedImageIsRefused() throws IOException {
        byte[] image = ConfigReader.catalogImage();
        var random = new Random(SEED);
        for (int i = 0; i < DAMAGES; i++) {
            byte[] damaged = image.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            assertThrows(IOException.class, () -> CatalogImage.read(damaged));
            byte[] cut = Arrays.copyOf(image, random.nextInt(image.length));
            assertThrows(IOException.class, () -> CatalogImage.read(cut));
        }
    }

    @Test
    void anEntryThatADocumentMayChangeIsThereAsWritten() {
        assertNotNull(WRITTEN.node("openai/gpt-6.1-terra"));
        assertNull(WRITTEN.node("openai/nobody-knows-it"));
        assertNull(Catalog.empty().node("openai/gpt-6.1-terra"));
    }
}
