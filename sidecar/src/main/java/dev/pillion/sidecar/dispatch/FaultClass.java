package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.sidecar.config.RoutingConfig.ContentBlocked;
import java.util.ArrayList;
import java.util.List;

/**
 * What a fault lets a dispatch do next, before the commit point: THE table of failover. The README
 * has it word by word, as {@link #table} writes it.
 */
enum FaultClass {
    SERVER_ERROR("500, 502 and any 5xx without a row of its own", Again.YES, Keys.ALL, Others.ALL),
    OVERLOADED("503, 529, overloaded, also inside a 200", Again.YES, Keys.ALL, Others.ALL),
    RATE_LIMITED("429 without a hint", Again.YES, Keys.ALL, Others.ALL),
    RATE_LIMITED_UNTIL("429 that says when to come back", Again.THEN, Keys.ALL, Others.ALL),
    UNREACHABLE(
            "connection refused, no address, no TLS; reset or closed without an answer",
            Again.YES,
            Keys.ALL,
            Others.ALL),
    TIMEOUT(
            "timeout: to connect, to the first byte, of silence, of the whole call; 408, 504; a"
                    + " call that hangs",
            Again.YES,
            Keys.ALL,
            Others.ALL),
    CUT("an answer cut before its first content", Again.YES, Keys.ALL, Others.ALL),
    GARBAGE(
            "an empty answer, or one that its format does not allow",
            Again.YES,
            Keys.ALL,
            Others.ALL),
    BAD_KEY("the key is refused, whatever the status", Again.NO, Keys.ALL, Others.ALL),
    QUOTA("the account is out of credit or quota", Again.NO, Keys.ALL, Others.ALL),
    REFUSED("401, 403 or a redirect that says nothing", Again.NO, Keys.ALL, Others.ALL),
    PERMISSION("not permitted: by place, project or model", Again.NO, Keys.ALL, Others.ALL),
    FULL("too many connections of ours to it", Again.NO, Keys.ALL, Others.ALL),
    NOT_FOUND("the vendor does not know the model", Again.NO, Keys.OTHER_ACCOUNT, Others.ALL),
    UNSUPPORTED("the model can't be told what is asked", Again.NO, Keys.NONE, Others.ALL),
    TOO_DEAR("over the request's cost ceiling there", Again.NO, Keys.NONE, Others.ALL),
    CONTEXT_TOO_LONG(
            "the prompt exceeds the model's context", Again.NO, Keys.NONE, Others.LARGER_CONTEXT),
    CONTENT_FILTERED("the content is blocked", Again.NO, Keys.NONE, Others.IF_CONFIGURED),
    INVALID_REQUEST("the request is invalid", Again.NO, Keys.NONE, Others.NONE),
    TOO_LARGE("the request is too large (413)", Again.NO, Keys.NONE, Others.NONE),
    OURS("what Pillion itself refuses, or a defect of it", Again.NO, Keys.NONE, Others.NONE);

    /** Whether the same target is asked again, after all others. */
    enum Again {
        NO("no"),
        YES("after a pause"),
        THEN("then, if within 30 s and the deadline");

        private final String word;

        Again(String word) {
            this.word = word;
        }
    }

    /** Which other keys of the same model are asked. */
    enum Keys {
        NONE("no"),
        OTHER_ACCOUNT("of another account"),
        ALL("yes");

        private final String word;

        Keys(String word) {
            this.word = word;
        }
    }

    /** Which other models and vendors are asked. */
    enum Others {
        NONE("no"),
        IF_CONFIGURED("if `content_blocked: elsewhere`"),
        LARGER_CONTEXT("with a larger context"),
        ALL("yes");

        private final String word;

        Others(String word) {
            this.word = word;
        }
    }

    private final String what;
    private final Again again;
    private final Keys keys;
    private final Others others;

    FaultClass(String what, Again again, Keys keys, Others others) {
        this.what = what;
        this.again = again;
        this.keys = keys;
        this.others = others;
    }

    static FaultClass of(Fault fault) {
        return switch (fault.kind()) {
            case RATE_LIMITED -> fault.retryAfter() == null ? RATE_LIMITED : RATE_LIMITED_UNTIL;
            case OVERLOADED -> fault.origin() == Origin.PILLION ? ours(fault) : OVERLOADED;
            case UNAVAILABLE -> unavailable(fault);
            case UPSTREAM_PROTOCOL -> protocol(fault);
            case TIMEOUT -> TIMEOUT;
            case QUOTA_EXHAUSTED -> QUOTA;
            case PERMISSION -> PERMISSION;
            case NOT_FOUND -> NOT_FOUND;
            case UNSUPPORTED -> UNSUPPORTED;
            case BUDGET_EXCEEDED -> TOO_DEAR;
            case CONTEXT_TOO_LONG -> CONTEXT_TOO_LONG;
            case CONTENT_FILTERED -> CONTENT_FILTERED;
            case INVALID_REQUEST -> INVALID_REQUEST;
            case TOO_LARGE -> TOO_LARGE;
            case AUTHENTICATION, INTERNAL -> OURS;
        };
    }

    private static FaultClass unavailable(Fault fault) {
        return switch (fault.origin()) {
            case CREDENTIAL -> BAD_KEY;
            case NETWORK -> UNREACHABLE;
            case VENDOR, CALLER -> fault.retry() == Retry.ANYWHERE ? SERVER_ERROR : REFUSED;
            case PILLION -> ours(fault);
        };
    }

    private static FaultClass protocol(Fault fault) {
        if (fault.retry() != Retry.ANYWHERE) {
            return REFUSED;
        }
        return fault.origin() == Origin.NETWORK ? CUT : GARBAGE;
    }

    /**
     * What has no room here may have some at another vendor; a whole daemon without room has none.
     */
    private static FaultClass ours(Fault fault) {
        return fault.retry() == Retry.NEVER ? OURS : FULL;
    }

    Again again() {
        return again;
    }

    Keys keys() {
        return keys;
    }

    /** Who else may be asked, as the configuration has it. */
    Others others(ContentBlocked blocked) {
        if (others != Others.IF_CONFIGURED) {
            return others;
        }
        return blocked == ContentBlocked.ELSEWHERE ? Others.ALL : Others.NONE;
    }

    private boolean givesUp() {
        return again == Again.NO && keys == Keys.NONE && others == Others.NONE;
    }

    /** The table in Markdown, line by line. */
    static List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("| fault | same target again | other keys | other vendors and models |");
        lines.add("|---|---|---|---|");
        for (FaultClass each : values()) {
            lines.add(
                    each.givesUp()
                            ? "| " + each.what + " | give up | | |"
                            : "| %s | %s | %s | %s |"
                                    .formatted(
                                            each.what,
                                            each.again.word,
                                            each.keys.word,
                                            each.others.word));
        }
        return lines;
    }
}
