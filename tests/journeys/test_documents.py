"""The notice as a file: by its link, whole or in parts, or not at all, and written down."""

import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from gateway.demo.documents.conditions import Condition, condition_of
from gateway.schema.seals import Purpose, Seals
from tests.demo.documents.reading import table_of
from tests.journeys.books import cents, in_force
from tests.support.gateway import RunningGateway, household_of, world

pytestmark = pytest.mark.servers


def latest_notice(gateway: RunningGateway, case: str) -> dict[str, Any]:
    """The first notice on that tenant's home page."""
    tenant = gateway.tenant(case).run("web_home").whole()["viewer"]["tenant"]
    node = tenant["rentalAccounts"][0]["notices"]["edges"][0]["node"]
    assert isinstance(node, dict)
    return node


def link_of(gateway: RunningGateway, case: str) -> str:
    """Where the latest notice is to be had."""
    url = latest_notice(gateway, case)["document"]["downloadUrl"]
    assert isinstance(url, str)
    return url


def refused(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which is never kept by a cache."""
    assert response.headers["cache-control"] == "private, no-store"
    return response.status_code, response.json()["code"]


def test_the_file_says_what_the_home_page_says(gateway: RunningGateway) -> None:
    """The PDF behind the link asks for the same amount, and nobody may keep it."""
    notice = latest_notice(gateway, "plain")

    response = gateway.http.get(notice["document"]["downloadUrl"])

    assert response.status_code == 200
    assert dict(table_of(response.content))["NET À PAYER"] == cents(notice["amountDue"])
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-length"] == str(len(response.content))
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["content-disposition"].startswith('inline; filename="Avis_')


def test_an_interrupted_download_goes_on_where_it_stopped(gateway: RunningGateway) -> None:
    """Both parts together are the file, under the same ETag."""
    url = link_of(gateway, "plain")
    whole = gateway.http.get(url)
    size, half = len(whole.content), len(whole.content) // 2

    first = gateway.http.get(url, headers={"Range": f"bytes=0-{half - 1}"})
    rest = gateway.http.get(url, headers={"Range": f"bytes={half}-"})

    assert (first.status_code, rest.status_code) == (206, 206)
    assert rest.headers["content-range"] == f"bytes {half}-{size - 1}/{size}"
    assert first.content + rest.content == whole.content
    assert whole.headers["etag"] == first.headers["etag"] == rest.headers["etag"]


def test_a_part_beyond_the_end_is_refused_with_the_size(gateway: RunningGateway) -> None:
    """Whoever asks for too much learns how much there is."""
    url = link_of(gateway, "plain")
    size = len(gateway.http.get(url).content)

    response = gateway.http.get(url, headers={"Range": f"bytes={size}-"})

    assert refused(response) == (416, "RANGE_NOT_SATISFIABLE")
    assert response.headers["content-range"] == f"bytes */{size}"


def test_each_download_is_written_down(either: RunningGateway) -> None:
    """The log holds which session looked at which file, and nothing was counted that was not opened."""
    notice = in_force(household_of("plain"))[0]
    url = link_of(either, "plain")
    (before,) = either.query("SELECT count(*) FROM download")[0]

    either.http.get(url).raise_for_status()
    either.http.get(f"{url}x")

    rows = either.query("SELECT session_id, document FROM download ORDER BY number")
    assert isinstance(before, int)
    assert len(rows) == before + 1
    session, document = rows[-1]
    assert str(document).endswith(notice.number.removeprefix("AE"))
    assert either.query(f"SELECT tenant_id FROM session WHERE id = '{session}'") == [  # noqa: S608 - an id of ours
        (household_of("plain").holder.number,)
    ]


def test_a_link_lives_for_minutes_and_cannot_be_made_up(gateway: RunningGateway) -> None:
    """Past its time it opens nothing, and neither does one that was altered."""
    seals = Seals(bytes.fromhex((gateway.folder / "secret.key").read_text()))
    token = link_of(gateway, "plain").rpartition("/")[2]
    session, document, name, expires_at = seals.open(Purpose.DOWNLOAD, token)
    expired = seals.seal(Purpose.DOWNLOAD, session, document, name, str(int(time.time())))

    assert 0 < int(expires_at) - time.time() <= 300
    for wrong in (expired, token[:-1], token[::-1], "x"):
        assert refused(gateway.http.get(f"{gateway.url}/documents/{wrong}")) == (410, "LINK_EXPIRED")
    assert gateway.systems.documents.get("journal")["requests"][-1]["operation"] == "index"


def test_a_corrupt_file_is_never_taken_for_a_notice(gateway: RunningGateway) -> None:
    """What does not begin as a PDF is refused; what breaks off is seen to break off."""
    notice = in_force(household_of("corrupt-pdf"))[0]
    condition = condition_of(notice, made_on=world().today, now=datetime.now(UTC))
    url = link_of(gateway, "corrupt-pdf")

    if condition is Condition.BROKEN_OFF:
        with pytest.raises(httpx.RemoteProtocolError):
            gateway.http.get(url)
    else:
        assert condition is Condition.DAMAGED
        assert refused(gateway.http.get(url)) == (502, "SOURCE_UNREADABLE")


STORE_FAILS = {
    "http_500": (503, "SOURCE_UNAVAILABLE"),
    "html_200": (502, "SOURCE_UNREADABLE"),
    "garbage": (502, "SOURCE_UNREADABLE"),
    "empty": (502, "SOURCE_UNREADABLE"),
    "hang": (503, "SOURCE_TIMEOUT"),
    "in_band": (503, "SOURCE_REFUSED"),
}
PARAMETERS: dict[str, dict[str, object]] = {"in_band": {"code": "ACCES_REFUSE"}}


@pytest.mark.parametrize("kind", STORE_FAILS)
def test_a_store_that_fails_gives_a_code_and_no_file(impatient: RunningGateway, kind: str) -> None:
    """Whatever the store does instead of answering, the tenant gets no half file, and can try again."""
    url = link_of(impatient, "plain")
    impatient.systems.documents.order(kind, operation="document", **PARAMETERS.get(kind, {}))

    response = impatient.http.get(url)

    assert refused(response) == STORE_FAILS[kind]
    impatient.systems.documents.delete("faults")
    assert impatient.http.get(url).status_code == 200


@pytest.mark.parametrize("fault", [{"kind": "truncate", "fraction": 0.5}, {"kind": "reset"}], ids=["truncate", "reset"])
def test_a_file_that_breaks_off_ends_the_download(gateway: RunningGateway, fault: dict[str, Any]) -> None:
    """Half a file is never passed off as the whole."""
    url = link_of(gateway, "plain")
    gateway.systems.documents.order(operation="document", **fault)

    with pytest.raises(httpx.RemoteProtocolError):
        gateway.http.get(url)


def test_a_slow_store_is_waited_for(gateway: RunningGateway) -> None:
    """A file that drips in is complete in the end."""
    url = link_of(gateway, "plain")
    whole = gateway.http.get(url).content
    gateway.systems.documents.order("drip", operation="document", bytes_per_second=len(whole))

    assert gateway.http.get(url).content == whole
