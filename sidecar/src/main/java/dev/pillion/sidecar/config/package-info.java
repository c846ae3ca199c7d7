/** The configuration: values, reader, and what is built in. */
@NullMarked
package dev.pillion.sidecar.config;

import org.jspecify.annotations.NullMarked;
