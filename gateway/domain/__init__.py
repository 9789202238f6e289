"""The landlord's world: nouns and rules, without input, output or clock.

Imports nothing of the other rooms.
"""
