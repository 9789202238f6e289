"""The simulated outside of mail: a relay that delivers to a page, and the landlord's front end on which links land.

SMTP (RFC 5321) without TLS. Its commands RCPT and DATA are the operations of the journal and of faults:
`in_band` answers `code` and `label` (`550`), `latency` is slow, `hang` never answers, `reset` does what it was asked
and cuts the connection before it says so, any other kind is 421. Letters are kept in `--data`.

The pages are the demo's own client of the gateway, for walking through the flows by hand. Invariant: what a letter or
the gateway says is shown as text, whatever it looks like.
"""
