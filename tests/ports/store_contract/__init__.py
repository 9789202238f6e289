"""What the store promises, on SQLite, on PostgreSQL and in memory: a test for each sentence of its port."""
