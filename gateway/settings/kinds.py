"""Kinds of values that a setting can have: how each is read from text, and how it is described."""

import base64
import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")
_DATABASE = re.compile(r"sqlite:///\S+|postgresql://\S+")
_HEXADECIMAL = re.compile(r"([0-9a-fA-F]{2})+")
_SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Secret(Generic[T]):
    """A value that is not shown by accident."""

    _value: T = field(repr=False)

    def reveal(self) -> T:
        """The value."""
        return self._value


@dataclass(frozen=True, slots=True)
class Kind:
    """`read` raises ValueError for a text that is not `description`. A secret may also come from a file."""

    description: str
    read: Callable[[str], object]
    is_secret: bool = False


def one_of(choices: type[StrEnum]) -> Kind:
    """A member of `choices`, by its value."""
    return Kind(" or ".join(choices), choices)


def several_of(choices: Iterable[StrEnum]) -> Kind:
    """Some of `choices`, by their values."""
    known = {choice.value: choice for choice in choices}
    return Kind(
        f"some of {', '.join(sorted(known))}, separated by commas",
        _listed(lambda text: _accept(known.get(text), text in known)),
    )


def whole(low: int, high: int) -> Kind:
    """A whole number from `low` to `high`."""

    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdecimal() else low - 1
        return _accept(number, low <= number <= high)

    return Kind(f"a whole number from {low} to {high}", read)


def _accept(value: T, condition: bool) -> T:  # noqa: FBT001 - the condition is the point
    if not condition:
        raise ValueError
    return value


def _read_url(text: str) -> str:
    parts = urlsplit(text)
    has_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    has_only_that = parts.username is None and not parts.query and not parts.fragment and text.isprintable()
    return _accept(text.rstrip("/"), has_address and has_only_that)


def _read_secret_text(text: str) -> Secret[str]:
    return Secret(text)


def _read_key(text: str) -> Secret[bytes]:
    return Secret(_accept(key := _decoded(text), len(key) >= _SHORTEST_KEY))


def _decoded(text: str) -> bytes:
    if _HEXADECIMAL.fullmatch(text):
        return bytes.fromhex(text)
    padded = text.translate({ord("-"): "+", ord("_"): "/"}) + "=" * (-len(text) % 4)
    return base64.b64decode(padded, validate=True)


def _listed(read: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    return lambda text: tuple(read(part.strip()) for part in text.split(",") if part.strip())


def _read_origin(text: str) -> str:
    parts = urlsplit(text)
    return _accept(text, text == f"{parts.scheme}://{parts.netloc}" and _read_url(text) == text)


def _read_network(text: str) -> Network:
    network = ipaddress.ip_network(text)
    return _accept(network, network.prefixlen > 0)


TEXT = Kind("a text", lambda text: _accept(text, text.isprintable()))
WORDS = Kind("words, separated by commas", _listed(lambda text: _accept(text, text.isprintable())))
ORIGINS = Kind("origins like https://account.example.org, separated by commas", _listed(_read_origin))
FILES = Kind("paths of files, separated by commas", _listed(Path))
FOLDER = Kind("the path of a folder", lambda text: _accept(folder := Path(text), folder.is_dir()))
NETWORKS = Kind("networks like 10.1.2.0/24, separated by commas", _listed(_read_network))
ADDRESS = Kind("an e-mail address", lambda text: _accept(text, _ADDRESS.fullmatch(text) is not None))
FLAG = Kind("true or false", lambda text: _accept(text, text in {"true", "false"}) == "true")
VERSION = Kind("a version like 4.2.0", lambda text: _accept(text, _VERSION.fullmatch(text) is not None))
URL = Kind("an http or https address without user, query or fragment", _read_url)
PAGE = Kind("an https address", lambda text: _accept(text, text.isprintable() and text.startswith("https://")))
SECRET_TEXT = Kind("a text", _read_secret_text, is_secret=True)
SECRET_KEY = Kind("at least 32 random bytes in base64 or hexadecimal", _read_key, is_secret=True)
DATABASE = Kind(
    "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME",
    lambda text: Secret(_accept(text, _DATABASE.fullmatch(text) is not None)),
    is_secret=True,
)
