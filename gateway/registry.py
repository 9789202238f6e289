"""The registered documents of a running gateway: read from manifests at the start, and again when these change."""

import asyncio
import gc
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from gateway.schema.documents import Documents
from gateway.schema.manifests import MAX_MANIFEST_BYTES, Listed, ManifestError, documents_in
from gateway.schema.registered import Registered, read_registered
from gateway.telemetry.metrics import Metrics

LOOK_SECONDS = 5.0
"""How often the files are looked at: a mounted volume tells nobody that it has changed."""

log = structlog.get_logger()

Stamp = tuple[tuple[int, int, int] | None, ...]
"""Of each file what changes with its content: inode, time of its last change, size; None for one that is not there."""


class Registry:
    """Keeps `documents` as `files` say. A broken file changes nothing but a counter and the log."""

    def __init__(self, files: Sequence[Path], documents: Documents, metrics: Metrics) -> None:
        self._files = files
        self._documents = documents
        self._metrics = metrics
        self._stamp: Stamp = ()

    def load(self) -> None:
        """Reads all files anew and takes what they list in the place of what was. Raises ManifestError."""
        self._stamp = _stamp(self._files)
        registered = registered_in(self._files, self._documents)
        self._documents.register(registered)
        self._metrics.registered_documents.set(registered.count)

    async def run(self) -> None:
        """Loads again whenever a file has changed, and on SIGHUP, until it is cancelled."""
        loop, asked = asyncio.get_running_loop(), asyncio.Event()
        otherwise = signal.getsignal(signal.SIGHUP)
        loop.add_signal_handler(signal.SIGHUP, asked.set)
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await asked.wait()
                if asked.is_set() or await asyncio.to_thread(_stamp, self._files) != self._stamp:
                    asked.clear()
                    await self._reload()
        finally:
            loop.remove_signal_handler(signal.SIGHUP)
            signal.signal(signal.SIGHUP, otherwise)

    async def _reload(self) -> None:
        # Whoever collects garbage would look through all that is being read, again and again, while everybody waits.
        gc.disable()
        try:
            # Hundreds of documents take seconds, in which requests are answered.
            await asyncio.to_thread(self.load)
        except ManifestError as error:
            self._metrics.registered_documents_reload_failures.inc()
            log.warning("registered.reload_failed", reason=str(error))
        else:
            log.info("registered.reloaded")
        finally:
            gc.freeze()
            gc.enable()


def registered_in(files: Sequence[Path], documents: Documents) -> Registered:
    """What `files` list, read for every view. Raises ManifestError when a document fits none of them."""
    registered = read_registered([one for file in files for one in listed_in(file)], documents.reader)
    if registered.unfit:
        first, *others = registered.unfit
        more = f" (and {len(others)} more: see `gateway documents check`)" if others else ""
        raise ManifestError(f"{first}{more}")
    return registered


def listed_in(file: Path) -> list[Listed]:
    """What one manifest lists. Raises ManifestError naming the file."""
    try:
        with file.open("rb") as opened:
            return documents_in(opened.read(MAX_MANIFEST_BYTES + 1))
    except OSError as error:
        raise ManifestError(f"{file} cannot be read: {os.strerror(error.errno or 0).lower()}") from error
    except ManifestError as error:
        raise ManifestError(f"{file}: {error}") from error


def _stamp(files: Sequence[Path]) -> Stamp:
    return tuple(map(_stamp_of, files))


def _stamp_of(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
