"""What is peculiar to the store on SQLite."""
