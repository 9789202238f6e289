"""The tables of the store, on both databases."""
