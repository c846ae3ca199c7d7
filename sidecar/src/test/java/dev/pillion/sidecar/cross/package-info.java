/** Requests of one vendor's clients, sent to every other vendor: what arrives, and what is lost. */
package dev.pillion.sidecar.cross;
