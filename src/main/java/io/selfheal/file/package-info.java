/**
 * Files below a declared directory, and nothing else: each step goes from an open directory to a
 * name in it, symbolic links are never followed, and other file systems are not entered.
 *
 * <p>Shared by what looks at files, what acts on them and the command line. It knows no rules.
 */
@NullMarked
package io.selfheal.file;

import org.jspecify.annotations.NullMarked;
