package dev.pillion.sidecar.exchange;

/** What the edge hands whole requests to; called on the request's loop. */
@FunctionalInterface
public interface Handler {
    void handle(Inbound request, Responder responder);
}
