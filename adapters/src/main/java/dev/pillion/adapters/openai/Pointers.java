package dev.pillion.adapters.openai;

/** JSON pointers to and from the {@code param} of an error: {@code messages[0].content}. */
public final class Pointers {
    private Pointers() {}

    public static String toParam(String pointer) {
        var param = new StringBuilder();
        String[] steps = pointer.split("/", -1);
        for (int i = 1; i < steps.length; i++) {
            String step = steps[i].replace("~1", "/").replace("~0", "~");
            boolean number = !step.isEmpty() && step.chars().allMatch(Character::isDigit);
            if (number) {
                param.append('[').append(step).append(']');
            } else {
                param.append(param.isEmpty() ? "" : ".").append(step);
            }
        }
        return param.toString();
    }

    public static String fromParam(String param) {
        String steps = param.replace("[", ".").replace("]", "").replace("'", "");
        return "/" + steps.replace('.', '/');
    }
}
