package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is said to have called, over Unix sockets with this process's own uid and over TCP. */
class CallersTest {
    private static final String ASK =
            """
            {"class": "fast", "messages": [{"role": "user", "content": "hi"}]%s}
            """;
    private static final String ASKED = ASK.formatted("");
    private static final String BOUND =
            """
            callers:
              mine: {uids: [UID]}
              also-mine: {uids: [UID]}
              theirs: {uids: [4000000]}
              anyones: {}
            """;
    private static final String FOREIGN =
            """
            callers:
              theirs: {uids: [4000000]}
              anyones: {}
            """;

    private TestSidecar bed;
    private String uid;
    private String log = "";

    @BeforeEach
    void start() throws Exception {
        var own = Files.createTempFile("pillion", "uid");
        uid = Files.getAttribute(own, "unix:uid").toString();
        Files.delete(own);
        bed = TestSidecar.start(TestSidecar.CONFIG + BOUND.replace("UID", uid));
    }

    @AfterEach
    void stop() throws Exception {
        if (log.isEmpty()) {
            bed.close();
        }
    }

    /** The lines of all requests so far; the daemon is closed. */
    private List<JsonNode> lines() throws Exception {
        bed.close();
        log = bed.log();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : log.split("\n", -1)) {
            if (!line.isEmpty()) {
                lines.add(Json.read(line));
            }
        }
        return lines;
    }

    /** Only as in {@link #FOREIGN}, where this uid is bound to no name. */
    private void unbind() throws Exception {
        String document = Files.readString(bed.configFile());
        Files.writeString(
                bed.configFile(), document.substring(0, document.indexOf("callers:")) + FOREIGN);
        assertEquals(List.of(), bed.sidecar.reload().problems());
    }

    /** Status and body of what the Unix socket answers. */
    private String unix(String body, String... headers) throws Exception {
        var head = new StringBuilder("POST /v1/generate HTTP/1.1\r\nhost: pillion\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        head.append("connection: close\r\ncontent-length: ")
                .append(bytes.length)
                .append("\r\n\r\n");
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(bed.directory.resolve("p.sock")));
            channel.write(ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.UTF_8)));
            channel.write(ByteBuffer.wrap(bytes));
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            String text = new String(answer, StandardCharsets.UTF_8);
            assertTrue(text.startsWith("HTTP/1.1 "), text);
            return text.substring("HTTP/1.1 ".length());
        }
    }

    private void isBookedOn(String caller, boolean withUid) throws Exception {
        JsonNode rows = bed.admin("/usage?by=caller").path("rows");
        assertEquals(1, rows.size(), rows.toString());
        assertEquals(caller, rows.path(0).path("caller").asText());
        JsonNode line = lines().getLast();
        assertEquals(caller, line.path("caller").asText());
        assertEquals(withUid ? uid : "", line.path("uid").asText(""), line::toString);
    }

    @Test
    void aBoundUidIsTheFirstNameThatListsIt() throws Exception {
        assertTrue(unix(ASKED).startsWith("200"));
        isBookedOn("mine", true);
    }

    @Test
    void aBoundUidMayClaimAnyNameOfItsOwn() throws Exception {
        assertTrue(unix(ASKED, "x-pillion-caller", "also-mine").startsWith("200"));
        isBookedOn("also-mine", true);
    }

    @ParameterizedTest
    @DisplayName("F53: a uid that is bound to names can't take another one, and the log has none")
    @ValueSource(strings = {"theirs", "anyones", "unheard-of"})
    void aBoundUidMayClaimNoOtherName(String name) throws Exception {
        String answer = unix(ASKED, "x-pillion-caller", name);
        assertTrue(answer.startsWith("403"), answer);
        assertTrue(answer.contains("x-pillion-caller: uid " + uid + " may not"), answer);
        assertTrue(answer.contains("\"kind\":\"permission\""), answer);
        assertEquals(0, bed.anthropic.log().requests().size());
        JsonNode line = lines().getLast();
        assertEquals("unknown", line.path("caller").asText());
        assertEquals(uid, line.path("uid").asText());
    }

    @Test
    void anUnboundUidIsThePodsDefault() throws Exception {
        unbind();
        assertTrue(unix(ASKED).startsWith("200"));
        isBookedOn("test", true);
    }

    @ParameterizedTest
    @DisplayName("F53: an unbound uid may claim what is bound to none, and nothing else")
    @CsvSource({"anyones, 200", "unheard-of, 200", "theirs, 403"})
    void anUnboundUidMayClaimWhatIsNobodys(String name, String status) throws Exception {
        unbind();
        String answer = unix(ASKED, "x-pillion-caller", name);
        assertTrue(answer.startsWith(status), answer);
        assertEquals(
                status.equals("200") ? name : "unknown", lines().getLast().path("caller").asText());
    }

    @Test
    void onTcpTheCallerIsThePodsDefault() throws Exception {
        assertEquals(200, bed.post("/v1/generate", ASKED).statusCode());
        isBookedOn("test", false);
    }

    @Test
    void onTcpTheCallerIsWhomItSaysItIs() throws Exception {
        assertEquals(
                200, bed.post("/v1/generate", ASKED, "x-pillion-caller", "theirs").statusCode());
        isBookedOn("theirs", false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-pillion-caller | two words",
                "x-pillion-caller | <script>",
                "x-pillion-caller | LONG",
                "x-pillion-tags | team",
                "x-pillion-tags | te am=blue",
                "x-pillion-tags | LONG=blue",
                "x-pillion-tags | team=LONGLONG",
                "x-pillion-tags | a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=9",
            })
    void whatIsTooLongOrStrangeIsRefusedByName(String header, String value) throws Exception {
        HttpResponse<String> answer =
                bed.post("/v1/generate", ASKED, header, value.replace("LONG", "x".repeat(65)));
        assertEquals(400, answer.statusCode(), answer.body());
        String message = TestSidecar.json(answer).path("error").path("message").asText();
        assertTrue(message.startsWith(header + ": "), message);
        assertEquals("unknown", lines().getLast().path("caller").asText());
        assertFalse(log.contains("xxxxx"), log);
    }

    @Test
    void twoNamesAreNone() throws Exception {
        HttpResponse<String> answer =
                bed.post("/v1/generate", ASKED, "x-pillion-caller", "a", "x-pillion-caller", "b");
        assertEquals(400, answer.statusCode(), answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'a b': 'x'}",
                "{'LONG': 'x'}",
                "{'team': 'LONGLONG'}",
                "{'team': 'a\\u0007b'}",
                "{'team': 7}",
                "{'a':'','b':'','c':'','d':'','e':'','f':'','g':'','h':'','i':''}",
            })
    void tagsOfABodyAreBoundedAlike(String tags) throws Exception {
        String written = tags.replace('\'', '"').replace("LONG", "x".repeat(65));
        HttpResponse<String> answer =
                bed.post("/v1/generate", ASK.formatted(", \"tags\": " + written));
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("/tags"), answer.body());
    }

    @Test
    void tagsOfHeadersOfABodyAndOfVendorSurfacesAreBooked() throws Exception {
        bed.post("/v1/generate", ASK.formatted(", \"tags\": {\"team\": \"blue\"}"));
        bed.post("/v1/generate", ASKED, "x-pillion-tags", "team=red, a=1", "x-pillion-tags", "b=2");
        bed.post(
                "/v1/chat/completions",
                "{\"model\":\"class:fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "x-pillion-tags",
                "team=green");
        JsonNode rows = bed.admin("/usage?by=tag:team").path("rows");
        assertEquals(3, rows.size(), rows.toString());
        assertEquals(3, bed.admin("/usage?by=tag:team,tag:b").path("rows").size());
        List<JsonNode> lines = lines();
        assertEquals("{\"team\":\"blue\"}", lines.get(0).path("tags").toString());
        assertEquals(
                "{\"team\":\"red\",\"a\":\"1\",\"b\":\"2\"}", lines.get(1).path("tags").toString());
    }

    @Test
    @DisplayName("F53: the data socket has its mode, and the kernel tells who calls on it")
    void theSocketsHaveTheirModes() throws Exception {
        for (String name : List.of("p.sock", "admin.sock")) {
            var mode = Files.getPosixFilePermissions(bed.directory.resolve(name));
            assertEquals(
                    name.equals("p.sock") ? "rw-rw----" : "rw-------",
                    PosixFilePermissions.toString(mode));
        }
        assertTrue(unix(ASKED).startsWith("200"));
        assertEquals(uid, lines().getLast().path("uid").asText());
    }
}
