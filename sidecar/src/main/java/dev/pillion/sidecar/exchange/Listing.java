package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.QueryFields;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.UrlText;
import dev.pillion.sidecar.admit.Admission;
import dev.pillion.sidecar.admit.Admitted;
import dev.pillion.sidecar.admit.Claim;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Outcome;
import dev.pillion.sidecar.plan.Menu;
import java.util.List;

/**
 * A question for names of models: admitted and logged as every request is, and answered from the
 * configuration, without a vendor.
 */
final class Listing {
    private final Inbound in;
    private final Responder out;
    private final ModelsDialect dialect;
    private final Snapshot snapshot;
    private final Exchange.Services services;
    private final Surface client;
    private final Books books;
    private final ReplyHeaders headers;

    Listing(
            Inbound in,
            Responder out,
            ModelsDialect dialect,
            Snapshot snapshot,
            Exchange.Services services) {
        this.in = in;
        this.out = out;
        this.dialect = dialect;
        this.snapshot = snapshot;
        this.services = services;
        this.client = new Surface(in.path(), in.query(), in.headers(), in.body());
        this.books = new Books(in, dialect, snapshot, services);
        this.headers = new ReplyHeaders(in.id(), dialect, client);
    }

    void answer(Admission admission) {
        try {
            Wishes wishes = Wishes.of(in.headers());
            books.understood(dialect.outline(client), wishes);
            var claim = new Claim(in.uid(), wishes.caller(), wishes.tags());
            Admitted caller = admission.admit(snapshot, claim);
            books.admitted(caller);
            byte[] body = body(new Menu(snapshot, caller.allow(), services.clock().instant()));
            reply(200, headers.own(overheadMicros()), body, "ok");
        } catch (FaultException e) {
            refuse(e.fault());
        } catch (RuntimeException e) {
            books.defect(e);
            refuse(
                    Fault.internal(
                            "a defect in Pillion; its standard error names this request's id"));
        }
    }

    private byte[] body(Menu menu) {
        String id = Surfaces.listedId(in.path());
        if (id.isEmpty()) {
            return dialect.list(menu.all(), QueryFields.of(in.query()));
        }
        String name = UrlText.decoded(id);
        if (name == null) {
            throw Fault.caller(
                            FaultKind.NOT_FOUND,
                            "the model's name in the path is not well percent-encoded",
                            null)
                    .asException();
        }
        return dialect.one(menu.find(name, dialect.vendor()));
    }

    private void refuse(Fault fault) {
        int status = dialect.errors().status(fault);
        byte[] body =
                dialect.errors().body(fault, new ErrorContext(in.id(), null, List.of(), client));
        Headers fields = headers.error(fault, status, Outcome.NONE, true, overheadMicros());
        reply(status, fields, body, fault.kind().wire());
    }

    private void reply(int status, Headers fields, byte[] body, String how) {
        out.reply(status, fields, body);
        books.close(status, how, Outcome.NONE, out.loop().nanos());
    }

    private long overheadMicros() {
        long micros = books.overheadMicrosAt(out.loop().nanos(), 0);
        books.overheadMicros(micros);
        return micros;
    }
}
