"""The reading operations, one module for each part of the contract.

Each reads rows of the books for a list of keys and renders them; it changes nothing.
"""
