"""What is peculiar to the store on PostgreSQL."""
