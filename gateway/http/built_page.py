"""GraphiQL as it was built: a page and its files, all of them in the package, none from another host."""

import asyncio
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static" / "graphiql"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
_CONFIG = '<script type="application/json" id="config">{}</script>'
_UNSAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the page. Its name has a hash of its content, so that it never changes under that name."""

    path: Path
    media_type: str


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """The page in `folder`; what is not listed there when the gateway starts is not served."""

    html: str
    assets: Mapping[str, Asset]
    _packed: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path = FOLDER) -> "BuiltPage":
        """The page that the package holds. Raises OSError for a package that was not built whole."""
        assets = {path.name: Asset(path, MEDIA_TYPES[path.suffix]) for path in (folder / "assets").iterdir()}
        return cls((folder / "index.html").read_text(encoding="utf-8"), assets)

    def configured(self, config: Mapping[str, object]) -> bytes:
        """The page with its settings, of which no text can end the element that they stand in."""
        told = json.dumps(config, ensure_ascii=False).translate(_UNSAFE)
        return self.html.replace(_CONFIG, _CONFIG.replace("{}", told)).encode()

    async def plain(self, asset: Asset) -> bytes:
        """The file as it is. Raises OSError."""
        return await asyncio.to_thread(asset.path.read_bytes)

    async def packed(self, asset: Asset) -> bytes:
        """The file under gzip, packed when it is first asked for and kept: two megabytes for all. Raises OSError."""
        known = self._packed.get(asset.path.name)
        if known is None:
            known = self._packed[asset.path.name] = await asyncio.to_thread(_pack, asset.path)
        return known


def _pack(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
