package dev.pillion.sdks;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The classes that the SDKs make schemas of, and what the suites say and expect in all SDKs. */
public final class Weather {
    static final String TOOL = "get_weather";
    static final String ASK_ONE = "call get_weather for the city of Oslo";
    static final String ASK_BOTH = "call get_weather for both Oslo and Rome";

    /** Whose answer quotes it, in many pieces. */
    static final String LONG = "Tell me something that takes a while. ".repeat(5);

    static final String SEARCH = "What is new in the city of Zürich?";
    static final String RESULT = "4 °C in ";

    /** A red pixel. */
    static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSu"
                + "QmCC";

    static final String IMAGE_URL = "https://example.org/pixel.png";

    /** One page that says “Hello”. */
    private static final String PDF =
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
                    + "/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
                    + "/Contents 4 0 R>>endobj\n4 0 obj<</Length 38>>stream\nBT /F1 24 Tf 20 100 Td"
                    + " (Hello) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

    private Weather() {}

    /** In base64. */
    static String pdf() {
        return Base64.getEncoder().encodeToString(PDF.getBytes(StandardCharsets.UTF_8));
    }

    /** What google-genai calls by itself. */
    public static String getWeather(String city) {
        return RESULT + city;
    }

    /** The arguments of the tool. */
    @JsonTypeName(TOOL)
    @JsonClassDescription("The weather of a city")
    static final class Arguments {
        @JsonProperty(required = true)
        @JsonPropertyDescription("Its name")
        public String city = "";
    }

    /** What a structured answer is. */
    static final class Report {
        @JsonPropertyDescription("The name of the city")
        public String city = "";

        public int degrees;
        public boolean sunny;
    }
}
