package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.TokenPrior;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEstimatorTest {
    private static final TokenPrior PRIOR = TokenPrior.UNKNOWN;
    private static final String MODEL = "house/one";

    private final TokenEstimator estimator = new TokenEstimator();

    private static PromptSize size(String body) {
        return PromptSize.of(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static PromptSize words(int count) {
        String text = "word ".repeat(count).strip();
        return size("{'model':'m','messages':[{'role':'user','content':'" + text + "'}]}");
    }

    /** A model that counts more than is believed: half as many tokens again, and 200 before all. */
    private static long counted(PromptSize size, SplittableRandom random) {
        return Math.round((200 + 1.5 * size.text()) * random.nextDouble(0.97, 1.03));
    }

    private void teach(int times) {
        var random = new SplittableRandom(5);
        for (int i = 0; i < times; i++) {
            PromptSize size = words(random.nextInt(1, 2_000));
            estimator.learn(MODEL, PRIOR, size, counted(size, random));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'messages':[{'role':'user','content':'one two three'}]}|3|2|0|0|0|0",
                "{'input':'12345 antidisestablishmentarianism'}|8|1|0|0|0|0",
                "{'contents':[{'parts':[{'text':'北京市'}]}]}|3|1|0|0|0|0",
                "{'tools':[{'name':'look_up'}],'input':'x'}|1|1|3|0|0|0",
                "{'text':{'format':{'schema':{'a':'b'}}},'input':'x'}|1|1|0|3|0|0",
                "{'messages':[{'content':[{'type':'image','url':'https'}]}]}|1|1|0|0|0|1",
                "{'messages':[{'thinking':'abc def'}]}|0|0|0|0|7|0",
                "{'model':'a long name of a model','metadata':{'x':'y'}}|0|0|0|0|0|0",
                "{'input':[1,22,333]}|0|3|0|0|0|0"
            })
    void aBodyIsMeasured(
            String body, int text, int values, int tools, int format, int opaque, int media) {
        PromptSize found = size(body);
        assertEquals(
                List.of(text, values, tools, format, opaque, media),
                List.of(
                        found.text(),
                        found.values(),
                        found.tools(),
                        found.format(),
                        found.opaque(),
                        found.media()));
    }

    @Test
    void codedTextIsNoWords() {
        String coded = "QUJD".repeat(100);
        PromptSize seal = size("{'messages':[{'content':'" + coded + "'}]}");
        assertEquals(0, seal.text());
        assertEquals(400, seal.opaque());
        assertTrue(seal.mostTokens() >= 400, () -> seal.toString());
        PromptSize picture = size("{'messages':[{'data':'" + "QUJD".repeat(5_000) + "'}]}");
        assertEquals(0, picture.opaque());
        assertEquals(1, picture.media());
    }

    @Test
    void cutAndForeignBodiesAreMeasuredToo() {
        var random = new SplittableRandom(11);
        String body =
                "{'messages':[{'role':'user','content':'a \\u4e2d \\n \\\\ b'}],'tools':[{}]}";
        for (int end = 0; end <= body.length(); end++) {
            size(body.substring(0, end));
        }
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            assertTrue(PromptSize.of(noise).mostTokens() >= 0);
        }
    }

    @Test
    void whatIsNotKnownIsAsBelievedBefore() {
        assertEquals(
                Math.round(TokenModel.expected(PRIOR, words(100))),
                estimator.expected(MODEL, PRIOR, words(100)));
        assertEquals(700, estimator.input(MODEL, PRIOR, words(100), 700).atMost());
    }

    @Test
    void aModelIsLearnedFromWhatItsVendorReports() {
        teach(40);
        var random = new SplittableRandom(6);
        for (int i = 0; i < 100; i++) {
            PromptSize size = words(random.nextInt(20, 2_000));
            long counted = counted(size, random);
            long expected = estimator.expected(MODEL, PRIOR, size);
            assertEquals(1, (double) expected / counted, 0.1, expected + " of " + counted);
        }
        assertEquals(
                Math.round(TokenModel.expected(PRIOR, words(100))),
                estimator.expected("house/other", PRIOR, words(100)));
    }

    @Test
    void anAbsurdReportTeachesLittle() {
        teach(100);
        long before = estimator.expected(MODEL, PRIOR, words(500));
        estimator.learn(MODEL, PRIOR, words(500), 5_000_000);
        long after = estimator.expected(MODEL, PRIOR, words(500));
        assertEquals(1, (double) after / before, 0.3);
    }

    @Test
    void whatChangesIsFollowed() {
        teach(300);
        for (int i = 0; i < 300; i++) {
            estimator.learn(MODEL, PRIOR, words(100 + i), 2L * (100 + i));
        }
        assertEquals(1, estimator.expected(MODEL, PRIOR, words(400)) / 800.0, 0.1);
    }

    @Test
    void theUpperEstimateIsTightenedButStaysAboveAllThatWasSeen() {
        teach(400);
        var random = new SplittableRandom(7);
        for (int i = 0; i < 1_000; i++) {
            PromptSize size = words(random.nextInt(1, 2_000));
            TokenEstimator.Estimate estimate = estimator.input(MODEL, PRIOR, size, 1_000_000);
            assertTrue(counted(size, random) < estimate.atMost());
            assertTrue(estimate.atMost() < 3 * estimate.expected() + 2_000, estimate::toString);
        }
        assertEquals(10, estimator.input(MODEL, PRIOR, words(500), 10).atMost());
    }

    @Test
    void modelsAreToldApartUpToABound() {
        for (int i = 0; i < TokenEstimator.MAX_MODELS; i++) {
            estimator.learn("m" + i, PRIOR, words(10), 1_000);
        }
        assertFalse(estimator.wants("one more", 100));
        estimator.learn("one more", PRIOR, words(10), 1_000);
        assertEquals(
                Math.round(TokenModel.expected(PRIOR, words(10))),
                estimator.expected("one more", PRIOR, words(10)));
        assertTrue(estimator.wants("m1", 100));
        assertFalse(estimator.wants("m1", 10 << 20));
    }

    @Test
    void severalThreadsTeachAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(() -> {
                    teach(200);
                    return null;
                });
            }
            for (Future<Void> each : threads.invokeAll(all)) {
                each.get();
            }
        }
        assertEquals(1, estimator.expected(MODEL, PRIOR, words(1_000)) / 1_700.0, 0.1);
    }
}
