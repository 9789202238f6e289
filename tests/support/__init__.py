"""What the tests start and share: child processes, servers, databases."""
