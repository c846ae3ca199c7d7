/** What single steps of a request cost. */
@NullMarked
package dev.pillion.bench.micro;

import org.jspecify.annotations.NullMarked;
