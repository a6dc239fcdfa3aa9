-- WAL: readers never wait for the writer. synchronous = full: an acknowledged commit survives a power cut.
pragma journal_mode = wal;
pragma synchronous = full;
pragma foreign_keys = on;
