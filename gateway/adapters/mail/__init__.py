"""Mail by SMTP to the landlord's relay. One letter, one recipient, one connection; nobody's address in an error."""
