"""What the staff does for tenants."""
