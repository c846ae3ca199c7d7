package dev.pillion.adapters.xai;

import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes of each part one that xAI can take, or refuses it by name. */
final class PartFitting {
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/jpg", "image/png");

    private final EncodeContext context;
    private final ToolNames names;
    private final RawFields raw;
    private final Losses losses;

    PartFitting(EncodeContext context, ToolNames names, RawFields raw, Losses losses) {
        this.context = context;
        this.names = names;
        this.raw = raw;
        this.losses = losses;
    }

    /** The parts of what stands at the pointer; one that is lost is left out. */
    List<Part> all(List<Part> parts, String at) {
        List<Part> fitted = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = one(parts.get(i), at + "/content/" + i);
            if (part != null) {
                fitted.add(part);
            }
        }
        return fitted;
    }

    private @Nullable Part one(Part part, String at) {
        return switch (part) {
            case Part.Text text -> text(text, at);
            case Part.Image image -> image(image, at);
            case Part.Document document -> document(document, at);
            case Part.Audio _ -> lost(at, "xAI takes no sound");
            case Part.Video _ -> lost(at, "xAI takes no video");
            case Part.ToolCall call -> call(call, at);
            case Part.ToolResult result ->
                    new Part.ToolResult(
                            result.toolCallId(),
                            result(result.content(), at),
                            result.error(),
                            result.cache(),
                            raw.within(result.extras(), at));
            case Part.Thinking thinking ->
                    new Part.Thinking(
                            thinking.text(), thinking.seal(), raw.within(thinking.extras(), at));
            case Part.VendorItem item -> item;
        };
    }

    /** A result holds words and pictures; a document that is more than words has no place there. */
    private List<Part> result(List<Part> parts, String at) {
        List<Part> fitted = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            String pointer = at + "/content/" + i;
            Part part = one(parts.get(i), pointer);
            if (part instanceof Part.Document) {
                losses.lose(pointer, "xAI takes no file in a tool's result");
            } else if (part != null) {
                fitted.add(part);
            }
        }
        return fitted;
    }

    private @Nullable Part lost(String at, String why) {
        losses.lose(at, why);
        return null;
    }

    Part.Text text(Part.Text text, String at) {
        return new Part.Text(
                text.text(),
                text.citations(),
                text.seal(),
                text.cache(),
                raw.within(text.extras(), at));
    }

    private @Nullable Part image(Part.Image image, String at) {
        return switch (image.source()) {
            case MediaSource.Inline inline when !IMAGES.contains(bare(inline.mediaType())) ->
                    lost(at, "xAI takes jpeg and png pictures only");
            case MediaSource.FileRef _ -> lost(at, "xAI takes no picture by file id");
            case MediaSource.Inline _, MediaSource.Url _ ->
                    new Part.Image(image.source(), image.cache(), raw.within(image.extras(), at));
        };
    }

    private @Nullable Part document(Part.Document document, String at) {
        return switch (document.source()) {
            case MediaSource.Inline inline when bare(inline.mediaType()).startsWith("text/") ->
                    asText(document, inline, at);
            case MediaSource.Inline _ ->
                    lost(at, "xAI takes no file's bytes; give an address, or upload it there");
            case MediaSource.FileRef file when !isOurs(file) ->
                    lost(at, "a file stored at " + file.provider());
            case MediaSource.Url _, MediaSource.FileRef _ ->
                    new Part.Document(
                            document.source(),
                            document.title(),
                            document.cache(),
                            raw.within(document.extras(), at));
        };
    }

    private boolean isOurs(MediaSource.FileRef file) {
        return file.provider().equals(Names.SPEAKS) || file.provider().equals(context.provider());
    }

    /** What is only text can be said without a file. */
    private @Nullable Part asText(Part.Document document, MediaSource.Inline inline, String at) {
        try {
            byte[] bytes = Base64.getDecoder().decode(inline.data());
            String title = document.title() == null ? "" : document.title() + "\n\n";
            return new Part.Text(
                    title + new String(bytes, StandardCharsets.UTF_8),
                    List.of(),
                    null,
                    document.cache(),
                    raw.within(document.extras(), at));
        } catch (IllegalArgumentException e) {
            return lost(at, "data that is not base64");
        }
    }

    private Part call(Part.ToolCall call, String at) {
        boolean plain = names.isCustom(call.name());
        return new Part.ToolCall(
                call.id(),
                names.sent(call.name()),
                call.arguments(),
                plain ? null : call.seal(),
                call.cache(),
                raw.within(call.extras(), at));
    }

    private static String bare(String mediaType) {
        int semicolon = mediaType.indexOf(';');
        String bare = semicolon < 0 ? mediaType : mediaType.substring(0, semicolon);
        return bare.strip().toLowerCase(Locale.ROOT);
    }
}
