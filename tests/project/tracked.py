"""The files of the repository, as git sees them: tracked, or new and not ignored."""

import subprocess

from tests.support.processes import ROOT


def text_files() -> dict[str, str]:
    """The text of each file by its path in the repository; binary files are left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is on PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    contents = ((name, (ROOT / name).read_bytes()) for name in listing.split("\0") if (ROOT / name).is_file())
    return {name: content.decode() for name, content in contents if b"\0" not in content}


def lines(*, suffix: str = "") -> list[tuple[str, str]]:
    """Each line of each file whose path ends with `suffix`, with its place as "path:number"."""
    return [
        (f"{name}:{number}", line)
        for name, text in text_files().items()
        if name.endswith(suffix)
        for number, line in enumerate(text.splitlines(), start=1)
    ]
