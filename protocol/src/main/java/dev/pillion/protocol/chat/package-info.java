/** The uniform conversation: requests, parts, events and replies. */
@NullMarked
package dev.pillion.protocol.chat;

import org.jspecify.annotations.NullMarked;
