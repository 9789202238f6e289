"""What we ask of the outside world: one Protocol for each capability, batch reads only, and how they may fail."""
