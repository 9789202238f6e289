"""Manifests are read at the start and whenever they change; a broken one changes nothing but a counter and the log."""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway import registry
from gateway.registry import Registry
from gateway.schema.build import build_schema
from gateway.schema.documents import Asked, Documents
from gateway.schema.manifests import ManifestError
from gateway.schema.reading import Document, Rejected, sha256_of
from gateway.schema.views import View, views
from gateway.telemetry.metrics import Metrics
from tests.support.logs import Log, captured_log

HOME = "query Home { viewer { roles } }"
OTHER = "query Other { viewer { channel } }"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A manifest with one document."""
    return written(tmp_path / "web.json", HOME)


@pytest.fixture
def documents() -> Documents:
    """Nothing registered yet."""
    return Documents(views(build_schema()))


@pytest.fixture
def log() -> Iterator[Log]:
    """What is logged."""
    with captured_log() as captured:
        yield captured


def written(file: Path, *sources: str) -> Path:
    """A manifest of these documents, put in the place of the one before as a deployment does."""
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps({f"sha256:{sha256_of(source)}": source for source in sources}))
    return beside.replace(file)


def removed(file: Path) -> None:
    """No manifest is there any more."""
    file.unlink()


def find(documents: Documents, source: str) -> Document | Rejected:
    """What a tenant who may send registered documents only is given."""
    asked = Asked(None, None, {}, sha256_of(source))
    return documents.find(asked, View.TENANT, is_stranger=False, takes_free=False)


def is_registered(documents: Documents, source: str) -> bool:
    """Whether it is served."""
    return isinstance(find(documents, source), Document)


def failures(metrics: Metrics) -> float | None:
    """How many reloads have failed."""
    return metrics.registry.get_sample_value("gateway_registered_documents_reload_failures_total")


def count(metrics: Metrics) -> float | None:
    """How many documents are registered."""
    return metrics.registry.get_sample_value("gateway_registered_documents")


@asynccontextmanager
async def running(registry: Registry) -> AsyncIterator[None]:
    """The registry at work, for the time of the block."""
    task = asyncio.create_task(registry.run())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def until(is_so: Callable[[], bool]) -> None:
    """Returns as soon as it is so."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - nothing tells a change of a file
            await asyncio.sleep(0.005)


def test_all_manifests_are_loaded_at_the_start(file: Path, documents: Documents, tmp_path: Path) -> None:
    """Of the web and of the application."""
    metrics = Metrics()

    Registry([file, written(tmp_path / "ios.json", OTHER, HOME)], documents, metrics).load()

    assert is_registered(documents, HOME)
    assert is_registered(documents, OTHER)
    assert (count(metrics), failures(metrics)) == (2, 0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"nonsense", "{file}: it is not JSON in UTF-8"),
        (b'{"sha256:0": "{ a }"}', "{file}: sha256:0: its id is not the hash of its text"),
        (None, "{file} cannot be read: no such file or directory"),
        (
            json.dumps({sha256_of("{ nothing }"): "{ nothing }"}).encode(),
            f"{sha256_of('{ nothing }')[:20]}: line 1, column 3: Cannot query field 'nothing' on type 'Query'.",
        ),
    ],
    ids=["nonsense", "a wrong id", "no file", "a field that is not there"],
)
def test_a_broken_manifest_stops_the_start(
    content: bytes | None, reason: str, file: Path, documents: Documents
) -> None:
    """With one sentence that names the file or the document, and nothing is registered."""
    file.unlink() if content is None else file.write_bytes(content)

    with pytest.raises(ManifestError) as raised:
        Registry([file], documents, Metrics()).load()

    assert str(raised.value).startswith(reason.format(file=file))
    assert not is_registered(documents, HOME)


def test_of_several_faults_the_first_is_told(file: Path, documents: Documents) -> None:
    """And that there are more, with the command that tells them."""
    written(file, HOME, "{ a }", "{ b }", "{ c }")

    with pytest.raises(
        ManifestError, match=r"field 'a' on type 'Query'\. \(and 2 more: see `gateway documents check`\)$"
    ):
        Registry([file], documents, Metrics()).load()


async def test_a_manifest_that_changes_is_loaded_again(
    file: Path, documents: Documents, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a restart and without being told; whoever holds a document from before keeps it."""
    monkeypatch.setattr(registry, "LOOK_SECONDS", 0.01)
    metrics = Metrics()
    watching = Registry([file], documents, metrics)
    watching.load()
    held = find(documents, HOME)

    async with running(watching):
        written(file, OTHER)
        await until(lambda: is_registered(documents, OTHER))

    assert isinstance(held, Document)
    assert not is_registered(documents, HOME)
    assert (count(metrics), failures(metrics)) == (1, 0)
    assert [line["event"] for line in log.lines] == ["registered.reloaded"]


async def test_what_has_not_changed_is_not_loaded_again(
    file: Path, documents: Documents, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look costs next to nothing."""
    monkeypatch.setattr(registry, "LOOK_SECONDS", 0.001)
    watching = Registry([file], documents, Metrics())
    watching.load()
    looks, look = Counter[str](), registry._stamp  # noqa: SLF001 - that a look changes nothing has no outward sign

    def counted(files: Sequence[Path]) -> registry.Stamp:
        looks["seen"] += 1
        return look(files)

    monkeypatch.setattr(registry, "_stamp", counted)

    async with running(watching):
        await until(lambda: looks["seen"] >= 3)

    assert log.lines == []


async def test_a_change_that_breaks_a_manifest_is_not_taken(
    file: Path, documents: Documents, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The documents from before go on, it is counted once and logged; the next good one is taken."""
    monkeypatch.setattr(registry, "LOOK_SECONDS", 0.01)
    metrics = Metrics()
    watching = Registry([file], documents, metrics)
    watching.load()

    async with running(watching):
        written(file, OTHER, "{ nothing }")
        await until(lambda: failures(metrics) == 1)
        assert is_registered(documents, HOME)
        assert not is_registered(documents, OTHER)
        written(file, HOME, OTHER)
        await until(lambda: is_registered(documents, OTHER) and len(log.lines) > 1)

    assert (count(metrics), failures(metrics)) == (2, 1)
    failed, reloaded = log.lines
    assert (failed["event"], failed["level"]) == ("registered.reload_failed", "warning")
    assert failed["reason"].endswith("Cannot query field 'nothing' on type 'Query'.")
    assert reloaded["event"] == "registered.reloaded"


async def test_a_manifest_that_is_removed_is_missed_and_not_forgotten(
    file: Path, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A volume that is gone for a moment takes nothing away."""
    monkeypatch.setattr(registry, "LOOK_SECONDS", 0.01)
    metrics = Metrics()
    watching = Registry([file], documents, metrics)
    watching.load()

    async with running(watching):
        removed(file)
        await until(lambda: failures(metrics) == 1)

    assert is_registered(documents, HOME)


async def test_a_hangup_loads_at_once(file: Path, documents: Documents) -> None:
    """SIGHUP, as operators know it; a gateway that is told so goes on serving."""
    watching = Registry([file], documents, Metrics())
    watching.load()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        async with running(watching):
            written(file, OTHER)
            os.kill(os.getpid(), signal.SIGHUP)
            await until(lambda: is_registered(documents, OTHER))

        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


async def test_a_gateway_without_manifests_survives_a_hangup(documents: Documents, log: Log) -> None:
    """There is nothing to load, and that is done."""
    async with running(Registry([], documents, Metrics())):
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: bool(log.lines))

    assert [line["event"] for line in log.lines] == ["registered.reloaded"]
