"""The SOAP adapter: its grammars, its reading of awkward records, its session."""
