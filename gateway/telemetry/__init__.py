"""What operators see of a running gateway: metrics and traces. It names no person, no value and no document's text."""
