package dev.pillion.protocol.fault;

/**
 * Carries a {@link Fault} up the stack; no stack trace, since a fault is an answer, not a defect.
 */
public final class FaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    public FaultException(Fault fault) {
        super(fault.message(), null, false, false);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
