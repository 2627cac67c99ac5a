"""The exchange: calls, queues, conferences and texts, and the people who hold the phones."""
