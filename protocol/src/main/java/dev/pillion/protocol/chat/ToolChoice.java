package dev.pillion.protocol.chat;

import java.util.List;

/** Whether and which tool the model must use. */
public sealed interface ToolChoice {
    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** No tool. */
    record None() implements ToolChoice {}

    /** At least one tool. */
    record Required() implements ToolChoice {}

    /** This very function. */
    record Named(String name) implements ToolChoice {}

    /** Only these of the functions, of which one must be called when {@code required}. */
    record Allowed(List<String> names, boolean required) implements ToolChoice {}
}
