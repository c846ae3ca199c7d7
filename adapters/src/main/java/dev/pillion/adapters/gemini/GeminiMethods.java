package dev.pillion.adapters.gemini;

/** Where the methods of a model are, beside those that answer. */
final class GeminiMethods {
    private GeminiMethods() {}

    /** The path of the method; a model's name can't lead out of it. */
    static String path(String model, String method) {
        String answers = GeminiRequestEncoder.path(model, false);
        return answers.substring(0, answers.lastIndexOf(':') + 1) + method;
    }

    /** The model's name as a body names it. */
    static String resource(String model) {
        boolean whole = model.startsWith("models/") || model.startsWith("tunedModels/");
        return whole ? model : "models/" + model;
    }
}
