"""Shape of every batch answer: each key asked for is answered, by a value, by « none » or by a failure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.domain.source import Origin
from gateway.ports.errors import UpstreamError

K = TypeVar("K")
V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Seen(Generic[V_co]):
    """A value with its origin: which system, as of when, read when."""

    value: V_co
    origin: Origin


@dataclass(frozen=True, slots=True)
class Missing:
    """The system answered, and knows no such thing."""


@dataclass(frozen=True, slots=True)
class Failed:
    """This key could not be answered; the others of the batch may have been."""

    error: UpstreamError


MISSING = Missing()

Answer = Seen[V] | Missing | Failed
Batch = Mapping[K, Seen[V] | Missing | Failed]
