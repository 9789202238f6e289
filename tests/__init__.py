"""The tests; `make test` runs them all, `make quick` those that start no server."""
