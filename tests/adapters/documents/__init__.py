"""The document store's adapter: its index, and files that are not what they should be."""
