package dev.pillion.sdks;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/**
 * A row of the table: an SDK and an API of it, whose cells are tests.
 *
 * @param version of the SDK, by the system property that the build sets
 * @param isBadRequest tells the SDK's exception for bad requests
 */
record Row(String sdk, String version, String api, Stage stage, Predicate<Throwable> isBadRequest) {
    /** A feature, tried with the model of one vendor. */
    @FunctionalInterface
    interface Body {
        void run(Vendor vendor) throws Exception;
    }

    static Row of(String sdk, String api, Stage stage, Predicate<Throwable> isBadRequest) {
        return new Row(sdk, System.getProperty("sdk." + sdk, "?"), api, stage, isBadRequest);
    }

    /** A cell a vendor; no other vendor than the cell's may be asked. */
    Stream<DynamicTest> cells(String feature, Body body, Expected... expected) {
        return each(feature, vendor -> alone(vendor, body), expected);
    }

    /** The same, where it is not a vendor that answers. */
    Stream<DynamicTest> own(String feature, Body body, Expected... expected) {
        return each(feature, body, expected);
    }

    private Stream<DynamicTest> each(String feature, Body body, Expected... expected) {
        return Arrays.stream(Vendor.values())
                .map(vendor ->
                        DynamicTest.dynamicTest(
                                feature + " at " + vendor.id(),
                                () -> cell(feature, vendor, body, expected)));
    }

    private void cell(String feature, Vendor vendor, Body body, Expected... expected)
            throws Throwable {
        var known = Arrays.stream(expected).filter(e -> e.vendors().contains(vendor)).findFirst();
        String result = "fails";
        String why = known.map(Expected::why).orElse("");
        try {
            if (known.isEmpty()) {
                body.run(vendor);
                result = "works";
            } else {
                result = unlike(known.get(), () -> body.run(vendor));
            }
        } catch (Throwable e) {
            why = "not expected: " + e;
            throw e;
        } finally {
            stage.vendor(vendor).faults().clear();
            Results.add(this, feature, vendor, result, why);
        }
    }

    private String unlike(Expected expected, Executable body) {
        return switch (expected) {
            case Expected.Refused refused -> {
                var raised = Assertions.assertThrows(Throwable.class, body);
                boolean named = String.valueOf(raised.getMessage()).contains(refused.field());
                if (!isBadRequest.test(raised) || !named) {
                    throw new AssertionError("not refused by name: " + refused.field(), raised);
                }
                yield "refused";
            }
            case Expected.Fails fails -> {
                Assertions.assertThrows(Throwable.class, body, "works, contrary to: " + fails);
                yield "fails";
            }
            case Expected.None _ -> "none";
        };
    }

    private void alone(Vendor vendor, Body body) throws Exception {
        var before = new EnumMap<Vendor, Long>(Vendor.class);
        for (var each : Vendor.values()) {
            before.put(each, seen(each));
        }
        body.run(vendor);
        before.forEach((each, requests) ->
                Assertions.assertEquals(
                        each == vendor, seen(each) > requests, "asked " + each.id()));
    }

    private long seen(Vendor vendor) {
        return stage.vendor(vendor).log().requestCount();
    }
}
