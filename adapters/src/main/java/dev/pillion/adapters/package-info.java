/** The seams between the uniform form and the vendors, and the lists of both sides. */
@NullMarked
package dev.pillion.adapters;

import org.jspecify.annotations.NullMarked;
