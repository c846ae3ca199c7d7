/** The admin socket. */
@NullMarked
package dev.pillion.sidecar.admin;

import org.jspecify.annotations.NullMarked;
