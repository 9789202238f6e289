"""The invented landlord Habitat Mosellan and its tenants: a pure function of a seed.

The same (seed, index, today) always gives the same household, whoever asks and in whatever order, so that
the ERP and the document store can each rebuild what they hold without talking to one another.
"""

from gateway.demo.world.households import household, households
from gateway.demo.world.landlord import landlord
from gateway.demo.world.numbers import index_of

__all__ = ["household", "households", "index_of", "landlord"]
