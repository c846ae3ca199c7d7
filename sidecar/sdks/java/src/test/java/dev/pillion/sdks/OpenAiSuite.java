package dev.pillion.sdks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.MustBeClosed;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import dev.pillion.sidecar.simulate.Misbehaviour;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** What openai-java's two APIs have in common: clients, errors, cancelling, models, embeddings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OpenAiSuite {
    private static final int ENDLESS = 100;

    final Stage stage;
    final Row row;
    final OpenAIClient client;

    OpenAiSuite(String api) throws Exception {
        this.stage = Stage.open();
        this.row = Row.of("openai-java", api, stage, BadRequestException.class::isInstance);
        this.client = tcp().build();
    }

    private OpenAIOkHttpClient.Builder tcp() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(stage.url() + "/v1")
                .apiKey("unused")
                .responseValidation(true);
    }

    @AfterAll
    void close() throws Exception {
        client.close();
        stage.close();
    }

    /** The SDK's own vendors by their plain ids: xAI's documentation names this SDK for itself. */
    static String model(Vendor vendor) {
        return switch (vendor) {
            case OPENAI, XAI -> vendor.model();
            case ANTHROPIC, GEMINI -> vendor.qualified();
        };
    }

    /** One question without a stream: what came back as text, never empty. */
    abstract String ask(OpenAIClient client, String model, String question);

    /** The same with a stream, of this API's events. */
    @MustBeClosed
    abstract StreamResponse<?> stream(String model, String question);

    /** A request of this API that its vendors refuse. */
    abstract void askNonsense(String model);

    @Test
    void theUnixSocketServesAsTcpDoes() throws Exception {
        var http = new OkHttpClient.Builder().socketFactory(new UnixSockets(stage.socket()));
        var unix = tcp().baseUrl("http://localhost/v1").okHttpClient(http.build()).build();
        var said = ask(unix, model(Vendor.OPENAI), "Say “grüezi”.");
        unix.close();
        assertTrue(said.contains("grüezi"), said);
    }

    @TestFactory
    Stream<DynamicTest> embeddings() {
        return row.cells(
                "embeddings", this::embed, Expected.none("", Vendor.ANTHROPIC, Vendor.XAI));
    }

    private void embed(Vendor vendor) {
        var model =
                vendor == Vendor.OPENAI ? "text-embedding-3-small" : "gemini/gemini-embedding-001";
        var reply =
                client.embeddings()
                        .create(
                                EmbeddingCreateParams.builder()
                                        .model(model)
                                        .inputOfArrayOfStrings(List.of("one text", "another"))
                                        .build());
        assertEquals(2, reply.data().size());
        assertEquals(1, reply.data().get(1).index());
        assertTrue(reply.data().get(1).embedding().size() > 100);
        assertTrue(reply.usage().promptTokens() > 0);
    }

    @TestFactory
    Stream<DynamicTest> models() {
        return row.own("models", this::listModels);
    }

    private void listModels(Vendor vendor) {
        var all = client.models().list().autoPager().stream().map(Model::id).toList();
        assertTrue(all.contains(vendor.qualified()) || all.contains(vendor.model()), all + "");
        var one = client.models().retrieve(model(vendor));
        assertEquals(model(vendor), one.id());
        assertThrows(
                NotFoundException.class, () -> client.models().retrieve(vendor.id() + "/no-such"));
    }

    @TestFactory
    Stream<DynamicTest> errors() {
        return row.cells("errors", this::raisesTypedExceptions);
    }

    private void raisesTypedExceptions(Vendor vendor) {
        var model = model(vendor);
        assertThrows(BadRequestException.class, () -> askNonsense(model));
        assertThrows(NotFoundException.class, () -> ask(client, vendor.id() + "/no-such", "Hi"));
        var large = "Long. ".repeat(Stage.MAX_BODY_BYTES / 6 + 1);
        var tooLarge = assertThrows(OpenAIServiceException.class, () -> ask(client, model, large));
        assertEquals(413, tooLarge.statusCode());
        var barred = tcp().putHeader("x-pillion-caller", Stage.BARRED_CALLER).build();
        assertThrows(PermissionDeniedException.class, () -> ask(barred, model, "Hi"));
        barred.close();
        faulted(vendor, 429, RateLimitException.class);
        faulted(vendor, 503, InternalServerException.class);
        faulted(vendor, 401, InternalServerException.class);
        brokenOff(vendor);
    }

    /** The SDK's own retries, two by default, would multiply those that Pillion made. */
    private void faulted(Vendor vendor, int status, Class<? extends OpenAIServiceException> type) {
        var simulator = stage.vendor(vendor);
        simulator.faults().arm(new Misbehaviour.Status(status), ENDLESS, 1, "");
        long before = simulator.log().requestCount();
        var raised = assertThrows(type, () -> ask(client, model(vendor), "Hi"));
        long attempts = Long.parseLong(raised.headers().values("x-pillion-attempts").getFirst());
        assertEquals(attempts, simulator.log().requestCount() - before);
        assertFalse(raised.type().orElse("").isEmpty() && raised.code().orElse("").isEmpty());
        simulator.faults().clear();
    }

    private void brokenOff(Vendor vendor) {
        stage.vendor(vendor).faults().arm(new Misbehaviour.ErrorEvent(8, 503), 1, 1, "");
        try (var events = stream(model(vendor), Weather.LONG)) {
            assertThrows(OpenAIException.class, () -> events.stream().forEach(_ -> {}));
        }
    }

    @TestFactory
    Stream<DynamicTest> cancel() {
        return row.cells("cancel", this::breakOff);
    }

    private void breakOff(Vendor vendor) throws Exception {
        var simulator = stage.vendor(vendor);
        simulator.faults().arm(new Misbehaviour.Slow(200), 1, 1, "");
        long before = simulator.log().cancelledCount();
        try (var events = stream(model(vendor), Weather.LONG)) {
            assertTrue(events.stream().findFirst().isPresent());
        }
        stage.awaitCancelled(vendor, before + 1);
    }
}
