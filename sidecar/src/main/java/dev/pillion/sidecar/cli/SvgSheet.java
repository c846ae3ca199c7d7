package dev.pillion.sidecar.cli;

import static dev.pillion.sidecar.cli.SimulationWords.number;

/**
 * A drawing in SVG 1.1 that stands alone: no script, no font or picture from elsewhere; light or
 * dark as its reader prefers. Lengths are in pixels.
 */
final class SvgSheet {
    private static final String STYLE =
            """
            text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328 }
            .title { font-size: 16px; font-weight: 600 }
            .scene { font-size: 14px; font-weight: 600 }
            .dim { fill: #59636e }
            .end { text-anchor: end }
            .middle { text-anchor: middle }
            .paper { fill: #ffffff }
            .rule { stroke: #d1d9e0; stroke-width: 1; fill: none }
            .storm { fill: #6e7781; fill-opacity: 0.13 }
            .cost { stroke: #1a7f37; stroke-width: 1.6; fill: none }
            .median { stroke: #0969da; stroke-width: 1.6; fill: none }
            .tail { stroke: #8250df; stroke-width: 1.2; fill: none }
            .of-median { fill: #0969da }
            .of-tail { fill: #8250df }
            .retried { fill: #bf8700 }
            .failed { fill: #cf222e }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 }
              .dim { fill: #9198a1 }
              .paper { fill: #0d1117 }
              .rule { stroke: #3d444d }
              .storm { fill: #b7bdc8; fill-opacity: 0.15 }
              .cost { stroke: #3fb950 }
              .median { stroke: #58a6ff }
              .tail { stroke: #bc8cff }
              .of-median { fill: #58a6ff }
              .of-tail { fill: #bc8cff }
              .retried { fill: #d29922 }
              .failed { fill: #f85149 }
            }
            """;

    private final StringBuilder body = new StringBuilder();

    /** The whole document. */
    String whole(double width, double height, String title) {
        return number(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%s\""
                                + " height=\"%s\" viewBox=\"0 0 %s %s\">\n",
                        at(width), at(height), at(width), at(height))
                + "<title>"
                + escaped(title)
                + "</title>\n<style>\n"
                + STYLE
                + "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
                + body
                + "</svg>\n";
    }

    void text(String style, double x, double y, String text) {
        body.append(number("<text class=\"%s\" x=\"%s\" y=\"%s\">", style, at(x), at(y)))
                .append(escaped(text))
                .append("</text>\n");
    }

    /** A line of text in several styles: style and text by turns. */
    void words(double x, double y, String... stylesAndTexts) {
        body.append(number("<text x=\"%s\" y=\"%s\" xml:space=\"preserve\">", at(x), at(y)));
        for (int i = 0; i + 1 < stylesAndTexts.length; i += 2) {
            body.append("<tspan class=\"").append(stylesAndTexts[i]).append("\">");
            body.append(escaped(stylesAndTexts[i + 1])).append("</tspan>");
        }
        body.append("</text>\n");
    }

    void rect(String style, double x, double y, double width, double height) {
        box("class=\"" + style + "\"", x, y, width, height);
    }

    /** In a colour that does for light and dark. */
    void swatch(String colour, double x, double y, double width, double height) {
        box("fill=\"" + colour + "\"", x, y, width, height);
    }

    private void box(String look, double x, double y, double width, double height) {
        body.append(
                number(
                        "<rect %s x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>\n",
                        look, at(x), at(y), at(width), at(height)));
    }

    void line(String style, CharSequence path) {
        if (!path.isEmpty()) {
            body.append("<path class=\"").append(style).append("\" d=\"");
            body.append(path).append("\"/>\n");
        }
    }

    /** An area that tells its name to who points at it. */
    void area(String colour, String name, CharSequence path) {
        if (!path.isEmpty()) {
            body.append("<path fill=\"").append(colour).append("\" d=\"").append(path);
            body.append("\"><title>").append(escaped(name)).append("</title></path>\n");
        }
    }

    /** A length as it is written: to a tenth. */
    static String at(double value) {
        String text = number("%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** As text or attribute of XML 1.0, which has no word for most control characters. */
    static String escaped(String text) {
        var safe = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '&' -> safe.append("&amp;");
                        case '<' -> safe.append("&lt;");
                        case '>' -> safe.append("&gt;");
                        case '"' -> safe.append("&quot;");
                        case '\'' -> safe.append("&#39;");
                        default -> safe.appendCodePoint(isText(c) ? c : 0xFFFD);
                    }
                });
        return safe.toString();
    }

    private static boolean isText(int c) {
        return c == '\t'
                || c == '\n'
                || (c >= ' ' && c < 0xD800)
                || (c > 0xDFFF && c < 0xFFFE)
                || c >= 0x10000;
    }
}
