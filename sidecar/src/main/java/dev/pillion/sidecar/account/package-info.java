/** Prices, costs and the ledger. */
@NullMarked
package dev.pillion.sidecar.account;

import org.jspecify.annotations.NullMarked;
