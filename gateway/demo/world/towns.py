"""Where the dwellings stand: real towns with their INSEE and postal codes, by sector of an office."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """One commune."""

    name: str
    insee_code: str
    postal_codes: tuple[str, ...]
    weight: int
    """How often a dwelling stands here: the inhabitants, or less where the landlord owns little."""


METZ = Town("Metz", "57463", ("57000", "57050", "57070"), 122_572)
THIONVILLE = Town("Thionville", "57672", ("57100",), 42_658)
FORBACH = Town("Forbach", "57227", ("57600",), 20_493)
SARREGUEMINES = Town("Sarreguemines", "57631", ("57200",), 20_143)
SAINT_AVOLD = Town("Saint-Avold", "57606", ("57500",), 14_755)
SARREBOURG = Town("Sarrebourg", "57630", ("57400",), 12_170)

SECTORS: tuple[tuple[Town, ...], ...] = (
    (
        METZ,
        Town("Montigny-lès-Metz", "57480", ("57950",), 21_718),
        Town("Woippy", "57751", ("57140",), 14_967),
        Town("Hagondange", "57283", ("57300",), 9_278),
        Town("Vandœuvre-lès-Nancy", "54547", ("54500",), 9_000),
    ),
    (
        THIONVILLE,
        Town("Yutz", "57757", ("57970",), 17_391),
        Town("Hayange", "57306", ("57700",), 15_806),
        Town("Fameck", "57206", ("57290",), 14_788),
        Town("Longwy", "54323", ("54400",), 6_000),
    ),
    (
        FORBACH,
        Town("Stiring-Wendel", "57660", ("57350",), 10_956),
        Town("Behren-lès-Forbach", "57058", ("57460",), 6_166),
    ),
    (SARREGUEMINES,),
    (
        SAINT_AVOLD,
        Town("Freyming-Merlebach", "57240", ("57800",), 13_266),
        Town("Creutzwald", "57160", ("57150",), 12_254),
    ),
    (SARREBOURG,),
)
"""One sector for each office, the office's own town first."""
