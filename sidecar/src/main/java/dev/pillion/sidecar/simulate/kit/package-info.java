/**
 * What every simulated vendor is made of: shapes of JSON, schemas, replies, estimates. Nothing here
 * knows a vendor, and nothing is shared with the adapters, which these vendors are there to check.
 */
@NullMarked
package dev.pillion.sidecar.simulate.kit;

import org.jspecify.annotations.NullMarked;
