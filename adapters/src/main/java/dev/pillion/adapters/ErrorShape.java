package dev.pillion.adapters;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;

/**
 * What all surfaces of one vendor's API answer alike: errors, and the header fields on every
 * answer, so that its SDKs raise their typed exceptions. Stateless.
 */
public interface ErrorShape {

    /** The status at which the SDKs raise the fitting exception. */
    int status(Fault fault);

    /** The error's body; {@code attempts} and ids are in the context of the fault's report. */
    byte[] body(Fault fault, ErrorContext context);

    /** Header fields that clients expect on every answer, errors or not. */
    Headers headers(String requestId);
}
