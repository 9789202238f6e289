"""The outside world, simulated as separate processes. It knows nothing of the gateway."""
