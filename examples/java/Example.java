// The JDK alone through Pillion, without an SDK: a web search in the uniform interface, over TCP, and
// a stream of OpenAI's format over the Unix socket, where PILLION_SOCKET names one.
// Java 17 or newer: java Example.java

import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

public class Example {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) throws Exception {
        String url = System.getenv().getOrDefault("PILLION_URL", "http://127.0.0.1:4141");
        String search =
                """
                {"class": "balanced", "websearch": {},
                 "messages": [{"role": "user", "content": "What is new in the city of Zürich?"}]}""";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/v1/generate"))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(search))
                        .build();
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        OUT.println("search: " + answer.statusCode() + " " + answer.body());
        String socket = System.getenv("PILLION_SOCKET");
        if (socket != null && !socket.isEmpty()) {
            stream(socket);
        }
    }

    /** The JDK's HTTP client knows no Unix sockets, but HTTP is only text. */
    private static void stream(String socket) throws Exception {
        String body =
                """
                {"model": "class:fast", "stream": true,
                 "messages": [{"role": "user", "content": "Tell me something short."}]}""";
        String head =
                """
                POST /v1/chat/completions HTTP/1.1
                host: pillion
                connection: close
                content-type: application/json
                content-length: %d

                """
                        .formatted(body.getBytes(StandardCharsets.UTF_8).length);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String whole = head.replace("\n", "\r\n") + body;
            ByteBuffer bytes = ByteBuffer.wrap(whole.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            byte[] reply = Channels.newInputStream(channel).readAllBytes();
            new String(reply, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .forEach(line -> OUT.println("stream: " + line));
        }
    }
}
