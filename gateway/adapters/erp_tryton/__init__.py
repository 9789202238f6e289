"""A Tryton 8.2 server over its JSON-RPC door, read strictly, one small class for each port over one client.

Tryton is a general ERP: it has parties and invoices, and no leases. What a record stands for is the
landlord's convention, kept in one place, `conventions`.
"""
