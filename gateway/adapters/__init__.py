"""One folder for each outside system. Nothing of a system's vocabulary, types or errors leaves its folder."""
