package dev.pillion.sidecar.simulate;

import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.SimulatedVendor;
import java.util.LinkedHashMap;

/** Answers that a vendor, or the proxy before it, gives in place of its own. */
final class Misfortunes {
    private Misfortunes() {}

    static Reply status(SimulatedVendor vendor, Misbehaviour.Status wanted) {
        var error = vendor.usualError(wanted.status(), wanted.hint(), wanted.delay());
        var own = vendor.error(error);
        var headers = new LinkedHashMap<>(own.headers());
        headers.putAll(vendor.waitHeaders(wanted.hint(), wanted.delay()));
        if (wanted.html()) {
            headers.put("content-type", "text/html");
            return new Reply.Whole(wanted.status(), headers, page(wanted.status()));
        }
        return switch (own) {
            case Reply.Whole whole -> new Reply.Whole(whole.status(), headers, whole.body());
            case Reply.Events events -> events;
        };
    }

    private static String page(int status) {
        return "<html>\r\n<head><title>"
                + status
                + " Bad Gateway</title></head>\r\n<body>\r\n<center><h1>"
                + status
                + " Bad Gateway</h1></center>\r\n<hr><center>cloudflare</center>\r\n"
                + "</body>\r\n</html>\r\n";
    }
}
