@NullMarked
package dev.pillion.sidecar.config;

import org.jspecify.annotations.NullMarked;
