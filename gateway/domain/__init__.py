"""The landlord's world: nouns and rules, without input, output or clock.

Imports nothing of the other rooms. Days and instants may be any that the calendar has, except `today` and `now`, which
are what a clock shows.
"""
