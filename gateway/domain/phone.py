"""Telephone numbers as legacy systems write them, made callable or refused.

Nothing is guessed: a number that is not complete is no number. Letters are never dialled.
"""

import re

from gateway.domain.directory import Phone

_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")  # +33 (0)3 …
_COMMENT = re.compile(r"\([^()]*[^\W\d_][^()]*\)")  # … (fils)
_BREAK = re.compile(r"[^0-9+\s.()\-]+|(?=\+)")

# Each next digit decides between the alternatives, so matching takes linear time.
_FRENCH = re.compile(r"(?:(?:\+|00)?330?|0)([1-9][0-9]{8})")
_FRENCH_NUMBERS = re.compile(f"(?:{_FRENCH.pattern})+")
_ZERO_LOST = re.compile(r"[1-9][0-9]{8}")
_FOREIGN = re.compile(r"\+(?!33)[1-9][0-9]{6,14}")


def parse_phones(raw: str) -> tuple[Phone, ...]:
    """The usable numbers in `raw`, in order, each once; empty when there is none.

    `03.87… / 06 12… (fils)` gives two, `387…` the zero it lost, `+33 (0)3…` its national form; a number of
    another country needs its `+`. `SANS`, `0000000000` and numbers of one repeated digit are none.
    """
    text = _COMMENT.sub(" ; ", _TRUNK_ZERO.sub("", raw))
    # Some systems write the pairs of one number 03/87/… with the sign that parts numbers in others.
    return _phones_in(text) or _phones_in(text.replace("/", " "))


def is_mobile(e164: str) -> bool:
    """Whether `e164` is a French mobile number; False for foreign ones, whose plans we do not know."""
    return e164.startswith(("+336", "+337"))


def _phones_in(text: str) -> tuple[Phone, ...]:
    parts = (re.sub(r"[^0-9+]", "", part) for part in _BREAK.split(text))
    return tuple(dict.fromkeys(phone for part in parts for phone in _read(part)))


def _read(digits: str) -> list[Phone]:
    """Numbers that `digits` are made of, to the last one; none when anything is left over."""
    if _FOREIGN.fullmatch(digits):
        return [Phone(e164=digits, display=digits)]
    nationals: list[str] = [digits] if _ZERO_LOST.fullmatch(digits) else []
    if _FRENCH_NUMBERS.fullmatch(digits):
        nationals = _FRENCH.findall(digits)
    return [_french(national) for national in nationals if len(set(national)) > 1]


def _french(national: str) -> Phone:
    """The number whose nine digits after the zero are `national`."""
    pairs = re.findall("..", f"0{national}")
    return Phone(e164=f"+33{national}", display=" ".join(pairs))
