"""Where the truth is kept: the PostgreSQL session, column types and migrations that every room above builds on."""
