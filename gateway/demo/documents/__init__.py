"""The simulated document store (GED): an index of rent notices and their PDFs, described in INTERFACE.md.

The PDFs are drawn from the invented world when somebody first asks, and kept. Invariant: a file never changes.
"""
