package io.selfheal.message;

/**
 * One reading of one process.
 *
 * @param cpuShare processor time used since the reading before, 1.0 = one core; -1 when there is no
 *     reading before
 * @param rssBytes resident memory
 * @param openFiles open file descriptors; -1 when the agent may not look
 * @param threads threads
 * @param readBytesPerSecond bytes read from storage; -1 when the agent may not look
 * @param writeBytesPerSecond bytes written to storage; -1 when the agent may not look
 * @param state the kernel's letter: R running, S sleeping, D waiting for a device, T stopped, Z
 *     zombie
 */
public record ProcessSample(
    double cpuShare,
    long rssBytes,
    int openFiles,
    int threads,
    double readBytesPerSecond,
    double writeBytesPerSecond,
    char state) {}
