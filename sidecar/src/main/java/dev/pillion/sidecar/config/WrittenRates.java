package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Rates as written, USD per million tokens; what a tier leaves out is as without the tier. */
record WrittenRates(
        @Nullable BigDecimal input,
        @Nullable BigDecimal output,
        @Nullable BigDecimal cachedInput,
        @Nullable BigDecimal cacheWrite5m,
        @Nullable BigDecimal cacheWrite1h,
        @Nullable BigDecimal thinking,
        @Nullable BigDecimal imageInput,
        @Nullable BigDecimal audioInput,
        @Nullable BigDecimal videoInput,
        @Nullable BigDecimal cachedAudio,
        @Nullable BigDecimal audioOutput,
        @Nullable BigDecimal imageOutput) {
    static final WrittenRates NOTHING =
            new WrittenRates(
                    null, null, null, null, null, null, null, null, null, null, null, null);

    static WrittenRates of(Fields fields, WrittenRates base) {
        return new WrittenRates(
                or(fields.amount("input"), base.input),
                or(fields.amount("output"), base.output),
                or(fields.amount("cached_input"), base.cachedInput),
                or(fields.amount("cache_write_5m"), base.cacheWrite5m),
                or(fields.amount("cache_write_1h"), base.cacheWrite1h),
                or(fields.amount("thinking"), base.thinking),
                or(fields.amount("image_input"), base.imageInput),
                or(fields.amount("audio_input"), base.audioInput),
                or(fields.amount("video_input"), base.videoInput),
                or(fields.amount("cached_audio"), base.cachedAudio),
                or(fields.amount("audio_output"), base.audioOutput),
                or(fields.amount("image_output"), base.imageOutput));
    }

    Price.Rates rates() {
        BigDecimal in = input == null ? BigDecimal.ZERO : input; // a missing one is a problem
        BigDecimal out = output == null ? BigDecimal.ZERO : output;
        BigDecimal cached = otherwise(cachedInput, in);
        BigDecimal write = otherwise(cacheWrite5m, in);
        return new Price.Rates(
                in,
                out,
                cached,
                write,
                otherwise(cacheWrite1h, write),
                otherwise(thinking, out),
                new Price.Media(
                        otherwise(imageInput, in),
                        otherwise(audioInput, in),
                        otherwise(videoInput, in),
                        otherwise(cachedAudio, cached),
                        otherwise(audioOutput, out),
                        otherwise(imageOutput, out)));
    }

    private static @Nullable BigDecimal or(
            @Nullable BigDecimal value, @Nullable BigDecimal fallback) {
        return value == null ? fallback : value;
    }

    private static BigDecimal otherwise(@Nullable BigDecimal value, BigDecimal fallback) {
        return value == null ? fallback : value;
    }
}
