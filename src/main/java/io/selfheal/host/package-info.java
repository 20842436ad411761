/**
 * Readings of this machine: one collector per resource, one file each, run and isolated in one
 * place.
 *
 * <p>OSHI reads what it reads cheaply: processors, memory, load, file systems. Where it rescans
 * devices at every call (disk traffic, interfaces), or has nothing (pressure), the kernel's own
 * files are kept open and parsed in place.
 */
@NullMarked
package io.selfheal.host;

import org.jspecify.annotations.NullMarked;
