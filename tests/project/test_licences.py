"""The licences of everything that is installed beside our code."""

import re
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.project.locks import pins

_ALLOWED = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|PSFL|Python Software Foundation|MPL-2\.0|Mozilla Public License 2\.0)\b"
)
_DEMO_ONLY = {
    "fpdf2",  # LGPL-3.0, unmodified; only the process of the simulated document store imports it
}


def _licences(package: Distribution) -> list[str]:
    """What a package declares: the terms of its SPDX expression, else its classifiers, else its free text.

    Of classifiers the narrowest count: beside `License :: OSI Approved :: Apache Software License`, the heading
    `License :: OSI Approved` names no licence; alone it does not name one either, and is refused.
    """
    declared = package.metadata
    if "License-Expression" in declared:
        return re.split(r" AND | OR |[()]+", declared["License-Expression"].strip("()"))
    classifiers = [text for text in declared.get_all("Classifier", []) if text.startswith("License ::")]
    narrowest = [one for one in classifiers if not any(other.startswith(f"{one} :: ") for other in classifiers)]
    return narrowest or [declared["License"] or "undeclared"]


def _is_allowed(package: Distribution) -> bool:
    return all(_ALLOWED.search(licence) for licence in _licences(package) if licence)


def test_everything_installed_is_under_a_licence_that_a_landlord_can_accept() -> None:
    """MIT, BSD, Apache, ISC, PSF or MPL; nothing with conditions on the landlord's own code."""
    locked = set(pins("dev"))

    refused = {canonicalize_name(package.name) for package in distributions() if not _is_allowed(package)}

    assert refused & locked == _DEMO_ONLY


def test_a_heading_is_read_as_no_licence(tmp_path: Path) -> None:
    """A package that names its licence below the heading is judged by that; one with the heading alone is refused."""
    heading, apache = "License :: OSI Approved", "License :: OSI Approved :: Apache Software License"
    gpl = "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"

    assert _licences(_declaring(tmp_path / "named", heading, apache)) == [apache]
    assert _is_allowed(_declaring(tmp_path / "named", heading, apache))
    assert not _is_allowed(_declaring(tmp_path / "unnamed", heading))
    assert not _is_allowed(_declaring(tmp_path / "both", heading, apache, gpl))


def _declaring(folder: Path, *classifiers: str) -> Distribution:
    """A package whose metadata has these classifiers."""
    folder.mkdir(exist_ok=True)
    lines = ["Metadata-Version: 2.1", "Name: sample", "Version: 1", *(f"Classifier: {one}" for one in classifiers)]
    (folder / "METADATA").write_text("\n".join(lines))
    return Distribution.at(folder)


def test_what_is_tolerated_in_the_demo_is_not_installed_with_the_gateway() -> None:
    """A gateway in production has no package outside the list of licences."""
    assert not _DEMO_ONLY & set(pins("run"))
