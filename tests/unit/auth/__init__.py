"""The account rules, without servers."""
