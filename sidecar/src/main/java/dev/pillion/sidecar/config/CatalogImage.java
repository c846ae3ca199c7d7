package dev.pillion.sidecar.config;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.Effort;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Reads the built-in catalog as the build has made it of its YAML ({@link CatalogWriter}): a daemon
 * that reads the YAML itself starts a quarter of a second of CPU later. Whoever reads is of the
 * same build as who wrote, so the form has no versions.
 *
 * <p>The form: a magic number, the CRC-32 of the rest, then texts, numbers and rates, each once,
 * then what refers to them by their index.
 */
final class CatalogImage {
    static final int MAGIC = 0x50494c31;
    static final int NONE = 0xffff;
    private static final int HEADER_BYTES = 8;

    private final DataInputStream in;
    private final String[] texts;
    private final BigDecimal[] numbers;
    private final Price.Rates[] rates;

    private CatalogImage(DataInputStream in) throws IOException {
        this.in = in;
        texts = new String[in.readUnsignedShort()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = in.readUTF();
        }
        numbers = new BigDecimal[in.readUnsignedShort()];
        for (int i = 0; i < numbers.length; i++) {
            int scale = in.readByte();
            numbers[i] = new BigDecimal(BigInteger.valueOf(in.readLong()), scale);
        }
        rates = new Price.Rates[in.readUnsignedShort()];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = rates();
        }
    }

    /**
     * Reads one.
     *
     * @throws IOException when these are not the bytes that were written
     */
    static Catalog read(byte[] bytes) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (bytes.length < HEADER_BYTES || in.readInt() != MAGIC || in.readInt() != sum(bytes)) {
            throw new IOException("damaged");
        }
        return new CatalogImage(in).catalog();
    }

    static int sum(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
        return (int) crc.getValue();
    }

    private Catalog catalog() throws IOException {
        LocalDate pricesAsOf = LocalDate.ofEpochDay(in.readLong());
        var orders = new LinkedHashMap<ModelClass, List<String>>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            orders.put(ModelClass.valueOf(text()), list());
        }
        var models = new LinkedHashMap<String, ModelConfig>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            ModelConfig model = model();
            models.put(model.id(), model);
        }
        return new Catalog(models, orders, pricesAsOf);
    }

    private ModelConfig model() throws IOException {
        return new ModelConfig(
                text(),
                text(),
                text(),
                list(),
                constant(ModelClass.class),
                traits(),
                prices(),
                list());
    }

    private ModelTraits traits() throws IOException {
        String id = text();
        var can = EnumSet.noneOf(Capability.class);
        var refuses = EnumSet.noneOf(Refusal.class);
        constants(Capability.class, can);
        constants(Refusal.class, refuses);
        long context = in.readLong();
        int maxOutput = in.readInt();
        var efforts = new ArrayList<Effort>();
        constants(Effort.class, efforts);
        return new ModelTraits(
                id,
                can,
                refuses,
                context,
                maxOutput,
                List.copyOf(efforts),
                constant(ModelTraits.Thinking.class));
    }

    private Prices prices() throws IOException {
        int count = in.readUnsignedShort();
        if (count == NONE) {
            return new Prices.Free();
        }
        var all = new ArrayList<Price>(count);
        for (int left = count; left > 0; left--) {
            all.add(price());
        }
        return all.isEmpty() ? new Prices.Unknown() : new Prices.Dated(all);
    }

    private Price price() throws IOException {
        LocalDate from = in.readBoolean() ? LocalDate.ofEpochDay(in.readLong()) : null;
        Price.Band standard = band();
        var serviceTiers = new LinkedHashMap<String, Price.Band>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            serviceTiers.put(text(), band());
        }
        int search = in.readUnsignedShort();
        var by = Price.SearchUnit.valueOf(text());
        var fees = new Price.Fees(search == NONE ? null : numbers[search], by, amounts());
        return new Price(from, standard, serviceTiers, fees, amounts());
    }

    private Price.Band band() throws IOException {
        Price.Rates standard = rates[in.readUnsignedShort()];
        int count = in.readUnsignedShort();
        var tiers = new ArrayList<Price.Tier>(count);
        for (int left = count; left > 0; left--) {
            tiers.add(new Price.Tier(in.readLong(), rates[in.readUnsignedShort()]));
        }
        return new Price.Band(standard, tiers);
    }

    private Price.Rates rates() throws IOException {
        return new Price.Rates(
                number(),
                number(),
                number(),
                number(),
                number(),
                number(),
                new Price.Media(number(), number(), number(), number(), number(), number()));
    }

    private Map<String, BigDecimal> amounts() throws IOException {
        var all = new LinkedHashMap<String, BigDecimal>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            all.put(text(), number());
        }
        return all;
    }

    private String text() throws IOException {
        return texts[in.readUnsignedShort()];
    }

    private BigDecimal number() throws IOException {
        return numbers[in.readUnsignedShort()];
    }

    private List<String> list() throws IOException {
        int count = in.readUnsignedShort();
        var all = new ArrayList<String>(count);
        for (int left = count; left > 0; left--) {
            all.add(text());
        }
        return all;
    }

    private <E extends Enum<E>> @Nullable E constant(Class<E> type) throws IOException {
        int name = in.readUnsignedShort();
        return name == NONE ? null : Enum.valueOf(type, texts[name]);
    }

    private <E extends Enum<E>> void constants(Class<E> type, Collection<E> into)
            throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            into.add(Enum.valueOf(type, text()));
        }
    }
}
