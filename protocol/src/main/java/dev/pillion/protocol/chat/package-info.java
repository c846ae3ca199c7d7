/** The uniform message interface: requests, events and answers as values. */
@NullMarked
package dev.pillion.protocol.chat;

import org.jspecify.annotations.NullMarked;
