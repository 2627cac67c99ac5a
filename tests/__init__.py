"""The whole suite. Real PostgreSQL and Valkey; the only double is the phone company."""
