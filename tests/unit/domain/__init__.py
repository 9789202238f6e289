"""The rules of the landlord's world, example by example."""
