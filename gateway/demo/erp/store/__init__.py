"""IMMO-GEST's own tables, and how they are filled from the invented world on the first start.

Days are numbers AAAAMMJJ (0 for none), months AAAAMM, instants AAAAMMJJHHMMSS of Paris, amounts signed cents
(positive: debit, owed by the tenant), volumes litres. Numbers of tenants, leases and accounts carry no padding here.
"""
