package dev.pillion.sidecar.simulate.kit;

import java.util.Map;

/** One HTTP request to a simulated vendor. Header names are lower case; the body is not copied. */
public final class Ask {
    private final String method;
    private final String path;
    private final String query;
    private final Map<String, String> headers;
    private final byte[] body;
    private final int hugeBytes;

    /**
     * @param query without its question mark, empty where there is none
     * @param hugeBytes how long the answer's text has to be at least; 0 for an ordinary one
     */
    public Ask(
            String method,
            String path,
            String query,
            Map<String, String> headers,
            byte[] body,
            int hugeBytes) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = Map.copyOf(headers);
        this.body = body;
        this.hugeBytes = hugeBytes;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    public String query() {
        return query;
    }

    /** A header's value, empty where it is absent; several lines are joined by a comma. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** All headers, names in lower case. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The key of an {@code authorization: Bearer} header, empty where there is none. */
    public String bearer() {
        var value = header("authorization");
        return value.regionMatches(true, 0, "Bearer ", 0, 7) ? value.substring(7).strip() : "";
    }

    public byte[] body() {
        return body;
    }

    public int hugeBytes() {
        return hugeBytes;
    }

    /** The same request, to be answered at length. */
    public Ask huge(int bytes) {
        return new Ask(method, path, query, headers, body, bytes);
    }
}
