"""What the landlord's staff does for tenants, and what tenants ask of it, with as little personal data as will do."""
