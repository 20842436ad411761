package io.selfheal.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings of the embedded server: durable, on loopback only, small.
 *
 * @param durable false only in tests: without fsync, data does not outlive a power cut
 * @param programs where the programs are unpacked, when not beside the data; only in tests
 */
record ServerSettings(boolean durable, Optional<Path> programs) {
  static final ServerSettings DURABLE = new ServerSettings(true, Optional.empty());

  /** The text of the file that {@code postgresql.conf} includes; rewritten at every start. */
  String text(int port) {
    String kept = durable ? "on" : "off";
    return """
        # Written by the agent at every start; changes belong into postgresql.conf, below the include.
        listen_addresses = '127.0.0.1'
        port = %d
        unix_socket_directories = ''
        password_encryption = 'scram-sha-256'

        fsync = %s
        full_page_writes = %s
        synchronous_commit = %s

        # By itself it would be the schema of the role's name, which is the agent's: what others make
        # here without naming a schema belongs into public, where it is looked for.
        search_path = 'public'

        max_connections = 50
        shared_buffers = 32MB
        maintenance_work_mem = 32MB
        max_wal_size = 256MB
        min_wal_size = 32MB
        max_worker_processes = 4
        max_parallel_workers = 2
        autovacuum_max_workers = 2
        huge_pages = off
        jit = off
        # Without worker processes for I/O: the data of an agent fits into memory.
        io_method = 'sync'

        log_destination = 'stderr'
        logging_collector = off
        log_checkpoints = off
        log_line_prefix = '%%m [%%p] %%a '
        log_timezone = 'UTC'
        timezone = 'UTC'
        """
        .formatted(port, kept, kept, kept);
  }
}
