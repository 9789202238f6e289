"""IMMO-GEST (simulateur): an invented rental ERP, as awkward as real ones, with books of its own.

`contract/` is what the outside may know. Invariant: nothing is read from the invented world after the first start;
what a caller reads and what an audit reads are the same rows.
"""
