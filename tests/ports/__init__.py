"""What each port promises, held against every implementation of it."""
