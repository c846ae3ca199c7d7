/** The uniform embedding request and reply. */
@NullMarked
package dev.pillion.protocol.embed;

import org.jspecify.annotations.NullMarked;
