"""Makes the list of words that no password may be built on, from packages that publish such words.

In an empty folder, once a year or when a source has a new version:

    python -m pip download --no-deps django zxcvbn
    npm pack @zxcvbn-ts/language-fr

then in this one, with the files that came:

    python -m scripts.weak_words --django FILE --zxcvbn FILE --french FILE [--without WORD …]

It writes gateway/auth/weak_words.txt and, beside it, the notices that the licences ask for. `--without` leaves
out what has no place in a public file, such as names of a landlord's staff: as personal words they are refused
anyway. The same sources give the same list.
"""

import gzip
import json
import re
import tarfile
import zipfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.auth.weak_words import SHORTEST, bare, folded

ROOM = Path(__file__).parents[1] / "gateway" / "auth"
LONGEST = 15  # Letters. Longer passwords may contain words.
SHORTEST_NUMBER = 4

LOCAL = """
motdepasse monmotdepasse mdp bonjour bonsoir salut coucou bienvenue bisous bisou jetaime jetadore moncoeur amour
cherie doudou loulou chouchou maman papa mamie papi famille enfants bebe soleil lune etoile maison appartement
logement loyer locataire bailleur habitat residence immeuble gardien agence compte moncompte espace secret mystere
vacances liberte egalite fraternite republique france lorraine moselle grandest alsace paris quiche mirabelle graoully
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi
samedi dimanche printemps ete automne hiver noel paques toussaint nouvelan bonneannee joyeuxnoel carnaval chandeleur
psg parissg parissaintgermain om olympique marseille olympiquemarseille ol olympiquelyonnais lyon fcmetz metzhandball
grenats asnl nancy racing strasbourg racingclub losc lille rclens lens sangetor stadederennes rennes monaco asmonaco
asse lesverts saintetienne fcnantes nantes girondins bordeaux nice ogcnice toulouse montpellier reims brest lorient
realmadrid fcbarcelone barcelona bayern juventus mbappe zidane griezmann platini benzema ronaldo messi neymar
metz thionville montigny montignylesmetz sarreguemines forbach saintavold yutz hayange creutzwald freymingmerlebach
stiringwendel sarrebourg woippy fameck florange hombourghaut moyeuvregrande behrenlesforbach amneville marly
maiziereslesmetz uckange guenange rombas hagondange petiterosselle farebersviller faulquemont bitche
saintjulien longeville longevillelesmetz algrange terville boulay boulaymoselle bouzonville dieuze chateausalins
hettangegrande audunletiche clouange talange mondelange ars arssurmoselle banlesaintmartin sierck
siercklesbains phalsbourg villerupt knutange nilvange vitrysurorne marange marangesilvange rosselange cattenom borny
sablon queuleu magny plantieres bellecroix patrotte devantlesponts luxembourg sarrebruck colmar mulhouse epinal longwy
verdun barleduc luneville pontamousson vandoeuvre
"""
"""What people here think of first, without digits, accents, spaces: endearments, home, the calendar, clubs, towns."""

WALKS = """
azertyuiop qsdfghjklm wxcvbn qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm
abcdefghijklmnopqrstuvwxyz 12345678901234567890
"""
"""Rows of French, English and German keyboards, and the alphabet."""

COLUMNS = """
aqw zsx edc rfv tgb yhn ujk
qaz wsx edc rfv tgb yhn ujm
"""
"""Columns of French and English keyboards, from top to bottom."""


@dataclass(frozen=True, slots=True)
class Source:
    """A package: what it says of itself, its words, its notices."""

    name: str
    licence: str
    words: list[str]
    notices: str


def main() -> None:
    """Reads the packages, writes the list."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for name in ("django", "zxcvbn", "french"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[])
    asked = parser.parse_args()
    sources = [django(asked.django), zxcvbn(asked.zxcvbn), french(asked.french)]
    words = {core(word) for source in sources for word in source.words}
    words |= {core(word) for word in (*LOCAL.split(), *walks(), *repeats())}
    kept = sorted(word for word in words - set(asked.without) if is_useful(word))
    (ROOM / "weak_words.txt").write_text("\n".join([*header(sources), *kept, ""]), "utf-8")
    (ROOM / "weak_words.LICENCES").write_text("\n\n".join(map(notice, sources)) + "\n", "utf-8")
    print(f"{len(kept)} words")


def core(word: str) -> str:
    """What is looked up of `word`: folded, without digits at its ends; of hardly more than digits, the digits."""
    plain = bare(folded(word))
    if sum(map(str.isalpha, plain)) < SHORTEST:
        return "".join(filter(str.isdecimal, plain))
    return plain.strip("0123456789")


def is_useful(core: str) -> bool:
    """Whether a short password can be built on `core`."""
    return (SHORTEST_NUMBER if core.isdecimal() else SHORTEST) <= len(core) <= LONGEST


def walks() -> Iterator[str]:
    """Four keys and more in a row, forth and back, and columns side by side."""
    rows = WALKS.split()
    for row in (*rows, *(row[::-1] for row in rows)):
        yield from (row[start:end] for start in range(len(row)) for end in range(start + 4, len(row) + 1))
    for columns in map(str.split, COLUMNS.strip().splitlines()):
        yield from ("".join(columns[start : start + count]) for start in range(len(columns)) for count in (1, 2, 3, 4))


def repeats() -> Iterator[str]:
    """One letter or digit, again and again."""
    for key in "abcdefghijklmnopqrstuvwxyz0123456789":
        yield from (key * count for count in range(SHORTEST, LONGEST + 1))


def django(wheel: Path) -> Source:
    """The 20,000 leaked passwords that Django refuses."""
    with zipfile.ZipFile(wheel) as archive:
        words = gzip.decompress(archive.read("django/contrib/auth/common-passwords.txt.gz")).decode().split()
        return Source(named(wheel), "BSD-3-Clause", words, ending(archive, "licenses/LICENSE"))


def zxcvbn(wheel: Path) -> Source:
    """The 30,000 leaked passwords that zxcvbn knows."""
    with zipfile.ZipFile(wheel) as archive:
        lists = archive.read("zxcvbn/frequency_lists.py").decode()
        found = re.search(r'"passwords": "([^"]*)"', lists)
        if found is None:
            raise SystemExit("zxcvbn keeps its passwords elsewhere now: read zxcvbn/frequency_lists.py")
        return Source(named(wheel), "MIT", found[1].split(","), ending(archive, "LICENSE.txt"))


def french(package: Path) -> Source:
    """French words of films and series, first names and last names."""
    with tarfile.open(package) as archive:

        def read(name: str) -> str:
            file = archive.extractfile(f"package/{name}")
            return file.read().decode() if file else ""

        lists = [json.loads(read(f"src/{name}.json")) for name in ("commonWords", "firstnames", "lastnames")]
        notices = "\n\n".join(map(read, ("LICENSE.txt", "NOTICE.md")))
        licence = "MIT, its words ODC-BY-1.0 (OpenSubtitles 2024 by OPUS, Helsinki-NLP)"
        return Source(named(package), licence, [word for words in lists for word in words], notices)


def named(package: Path) -> str:
    """Name and version, `zxcvbn 4.5.0` of `zxcvbn-4.5.0-py2.py3-none-any.whl`."""
    found = re.match(r"(.+?)-(\d+(?:\.\d+)+)", package.name)
    return f"{found[1]} {found[2]}" if found else package.name


def ending(archive: zipfile.ZipFile, name: str) -> str:
    """The text of the file whose path ends in `name`."""
    return archive.read(next(path for path in archive.namelist() if path.endswith(name))).decode()


def header(sources: Iterable[Source]) -> list[str]:
    """Where the words are from."""
    return [
        "# Words that no password may be built on: without case, accents and signs, without digits at the ends.",
        "# Made by scripts/weak_words.py from these packages and a list of its own; notices in weak_words.LICENCES.",
        *(f"# {source.name}: {source.licence}" for source in sources),
    ]


def notice(source: Source) -> str:
    """The notices of one package, under its name."""
    return f"{source.name}: {source.licence}\n\n{source.notices.strip()}"


if __name__ == "__main__":
    main()
