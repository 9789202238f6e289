"""The document store: an index of rent notices and their PDFs, over HTTP. What it claims is checked."""
