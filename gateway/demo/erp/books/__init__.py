"""The accounts of IMMO-GEST: double entry, the hourly arrêté, receipts, the monthly billing run.

Invariant: the legs of every voucher (piece), in `ecriture` and `mouvement` together, add up to zero.
"""
