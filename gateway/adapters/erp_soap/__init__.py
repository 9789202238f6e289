"""IMMO-GEST, a rental ERP behind SOAP: read strictly, one small class for each port over one client."""
