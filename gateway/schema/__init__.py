"""GraphQL only: types written by hand beside the domain, root fields, loaders. What is reachable here is what is owned.

Graph edges go downward from the viewer; there are no back-references.
"""
