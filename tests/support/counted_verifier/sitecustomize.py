"""Imported by Python at the start of a process of a test: the verifier is the library's own, and is counted.

One byte for each call, appended to a file that several processes share, before the password is looked at.
"""

import os
from typing import Literal

from argon2 import PasswordHasher

_COUNT = os.open(os.environ["COUNTED_VERIFICATIONS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_verify = PasswordHasher.verify


def _counted(hasher: PasswordHasher, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
    os.write(_COUNT, b".")
    return _verify(hasher, hash, password)


PasswordHasher.verify = _counted  # type: ignore[assignment, method-assign]  # sees every call of a process
