"""The service that touches the world: telephone, database, people. Its rooms are drawn in docs/architecture.md."""
