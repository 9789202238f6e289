"""The server under the doors: what it takes from the network, how long it waits, and how it ends."""
