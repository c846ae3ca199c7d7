/**
 * The seams between the uniform form and the vendors' wire formats. Pure codecs, never a socket.
 */
@NullMarked
package dev.pillion.adapters;

import org.jspecify.annotations.NullMarked;
