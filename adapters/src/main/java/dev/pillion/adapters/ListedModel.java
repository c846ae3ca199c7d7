package dev.pillion.adapters;

/**
 * One name on a list of models.
 *
 * @param id what a request calls it: a vendor's id, a qualified one, an alias, {@code class:NAME}
 * @param owner the provider; of a name that stands for several models, whoever gave the name
 * @param traits of several models what one of them can, within the limits of the least of them
 * @param counts whether it can be asked to count tokens
 */
public record ListedModel(String id, String owner, ModelTraits traits, boolean counts) {}
