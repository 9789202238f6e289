"""One rule or one part at a time, without any server."""
