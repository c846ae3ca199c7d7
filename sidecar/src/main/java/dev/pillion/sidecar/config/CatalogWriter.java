package dev.pillion.sidecar.config;

import dev.pillion.adapters.ModelTraits;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a catalog in the form that {@link CatalogImage} reads; the same bytes of the same one. */
final class CatalogWriter {
    private final Map<String, Integer> texts = new LinkedHashMap<>();
    private final Map<BigDecimal, Integer> numbers = new LinkedHashMap<>();
    private final Map<Price.Rates, Integer> rates = new LinkedHashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private CatalogWriter() {}

    static byte[] write(Catalog catalog) throws IOException {
        var writer = new CatalogWriter();
        writer.catalog(catalog);
        byte[] all = writer.whole();
        ByteBuffer.wrap(all).putInt(CatalogImage.MAGIC).putInt(CatalogImage.sum(all));
        return all;
    }

    /** The tables before what refers to them, after room for the header. */
    private byte[] whole() throws IOException {
        var all = new ByteArrayOutputStream();
        var to = new DataOutputStream(all);
        to.writeLong(0);
        var ratesOf = new ByteArrayOutputStream();
        var ratesTo = new DataOutputStream(ratesOf);
        for (Price.Rates each : rates.keySet()) {
            rates(each, ratesTo);
        }
        to.writeShort(texts.size());
        for (String text : texts.keySet()) {
            to.writeUTF(text);
        }
        to.writeShort(numbers.size());
        for (BigDecimal number : numbers.keySet()) {
            to.writeByte(number.scale());
            to.writeLong(number.unscaledValue().longValueExact());
        }
        to.writeShort(rates.size());
        ratesOf.writeTo(to);
        bytes.writeTo(to);
        return all.toByteArray();
    }

    private void catalog(Catalog catalog) throws IOException {
        out.writeLong(catalog.pricesAsOf().toEpochDay());
        out.writeShort(ModelClass.values().length);
        for (ModelClass each : ModelClass.values()) {
            text(each.name());
            list(catalog.order(each));
        }
        out.writeShort(catalog.models().size());
        for (ModelConfig model : catalog.models().values()) {
            model(model);
        }
    }

    private void model(ModelConfig model) throws IOException {
        text(model.id());
        text(model.provider());
        text(model.vendorId());
        list(model.also());
        constant(model.modelClass());
        traits(model.traits());
        prices(model.prices());
        list(model.fallbacks());
    }

    private void traits(ModelTraits traits) throws IOException {
        text(traits.id());
        constants(traits.can());
        constants(traits.refuses());
        out.writeLong(traits.contextTokens());
        out.writeInt(traits.maxOutputTokens());
        constants(traits.efforts());
        constant(traits.thinking());
    }

    private void prices(Prices prices) throws IOException {
        switch (prices) {
            case Prices.Free _ -> out.writeShort(CatalogImage.NONE);
            case Prices.Unknown _ -> out.writeShort(0);
            case Prices.Dated dated -> {
                out.writeShort(dated.prices().size());
                for (Price price : dated.prices()) {
                    price(price);
                }
            }
        }
    }

    private void price(Price price) throws IOException {
        LocalDate from = price.from();
        out.writeBoolean(from != null);
        if (from != null) {
            out.writeLong(from.toEpochDay());
        }
        band(price.standard());
        out.writeShort(price.serviceTiers().size());
        for (var tier : price.serviceTiers().entrySet()) {
            text(tier.getKey());
            band(tier.getValue());
        }
        BigDecimal search = price.fees().webSearchPer1k();
        out.writeShort(search == null ? CatalogImage.NONE : index(numbers, search));
        text(price.fees().webSearchBy().name());
        amounts(price.fees().callsPer1k());
        amounts(price.places());
    }

    private void band(Price.Band band) throws IOException {
        out.writeShort(index(rates, band.rates()));
        out.writeShort(band.tiers().size());
        for (Price.Tier tier : band.tiers()) {
            out.writeLong(tier.aboveInputTokens());
            out.writeShort(index(rates, tier.rates()));
        }
    }

    private void rates(Price.Rates each, DataOutputStream to) throws IOException {
        Price.Media media = each.media();
        for (BigDecimal number :
                List.of(
                        each.input(),
                        each.output(),
                        each.cachedInput(),
                        each.cacheWrite5m(),
                        each.cacheWrite1h(),
                        each.thinking(),
                        media.imageInput(),
                        media.audioInput(),
                        media.videoInput(),
                        media.cachedAudio(),
                        media.audioOutput(),
                        media.imageOutput())) {
            to.writeShort(index(numbers, number));
        }
    }

    private void amounts(Map<String, BigDecimal> amounts) throws IOException {
        out.writeShort(amounts.size());
        for (var each : amounts.entrySet()) {
            text(each.getKey());
            out.writeShort(index(numbers, each.getValue()));
        }
    }

    private void list(List<String> all) throws IOException {
        out.writeShort(all.size());
        for (String text : all) {
            text(text);
        }
    }

    private void text(String text) throws IOException {
        out.writeShort(index(texts, text));
    }

    private void constant(@Nullable Enum<?> constant) throws IOException {
        out.writeShort(constant == null ? CatalogImage.NONE : index(texts, constant.name()));
    }

    private void constants(Collection<? extends Enum<?>> all) throws IOException {
        out.writeShort(all.size());
        for (Enum<?> each : all) {
            text(each.name());
        }
    }

    private static <T> int index(Map<T, Integer> table, T value) {
        Integer known = table.putIfAbsent(value, table.size());
        int index = known == null ? table.size() - 1 : known;
        if (index >= CatalogImage.NONE) {
            throw new IllegalStateException("more than " + CatalogImage.NONE + " different values");
        }
        return index;
    }
}
