"""The two ways IMMO-GEST says no: in band, with HTTP 200, and as a SOAP Fault."""


class RefusalError(Exception):
    """Refused in band: `code` goes to CodeRetour, `label` to LibErreur, `extra` after them."""

    def __init__(self, code: str, label: str, *, extra: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.label = label
        self.extra = extra


class FaultError(Exception):
    """Answered by a SOAP Fault; `code` is Client or Server."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
