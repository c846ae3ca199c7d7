package dev.pillion.sidecar.simulate.kit;

import java.util.ArrayList;
import java.util.List;

/** Three pages that every simulated web search finds; their words go beyond ASCII on purpose. */
public final class SimulatedWeb {
    /**
     * A page of the simulated web.
     *
     * @param cited words that stand in it
     * @param said what a model says after having read it
     */
    public record Page(String domain, String path, String title, String cited, String said) {
        public String url() {
            return "https://" + domain + path;
        }
    }

    public static final List<Page> PAGES =
            List.of(
                    new Page(
                            "example.org",
                            "/zürich",
                            "Zürich – Überblick 🏔",
                            "Zürich zählt rund 450 000 Einwohner.",
                            "Zürich zählt “rund 450 000” Einwohner 🏔"),
                    new Page(
                            "example.com",
                            "/東京",
                            "東京の天気",
                            "東京は晴れ、最高気温は21℃。",
                            "in 東京 scheint die Sonne bei 21 ℃"),
                    new Page(
                            "example.net",
                            "/archive",
                            "An archive of everything",
                            "Everything is archived here.",
                            "the archive adds nothing"));

    private SimulatedWeb() {}

    /** The pages that the domain lists leave; asked-for domains always have some. */
    public static List<Page> find(List<String> allowed, List<String> blocked) {
        if (allowed.isEmpty()) {
            return PAGES.stream().filter(page -> !blocked.contains(page.domain())).toList();
        }
        var pages = new ArrayList<Page>();
        for (var page : PAGES) {
            var place = allowed.get(pages.size() % allowed.size());
            int slash = place.indexOf('/');
            var domain = slash < 0 ? place : place.substring(0, slash);
            var path = slash < 0 ? page.path() : place.substring(slash) + page.path();
            pages.add(new Page(domain, path, page.title(), page.cited(), page.said()));
        }
        return pages;
    }
}
