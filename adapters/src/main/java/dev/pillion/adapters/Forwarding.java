package dev.pillion.adapters;

/** Hands a request on in the format it came in: only what must change is changed. Stateless. */
public interface Forwarding {

    /** The format spoken on both sides: a provider's {@code speaks}. */
    String speaks();

    /** Whether the model takes this request in this format; another of its vendor's may do. */
    default boolean fits(Outline outline, ModelTraits model) {
        for (Refusal refusal : outline.refusable()) {
            if (model.refuses(refusal)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether that provider, of those who speak the format, has the method at all, and takes the
     * bodies that the format's own clients write.
     */
    default boolean reaches(String provider) {
        return true;
    }

    /** The call for one model: the body with the model's name spliced and required edits made. */
    UpstreamCall call(Surface client, Outline outline, String model);

    /**
     * Whether the client gets that header of the vendor's answer: its limits and its own name for
     * the request. {@code header} is in lower case.
     */
    boolean handsOn(String header);
}
