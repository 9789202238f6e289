"""Whole answers as values."""

from gateway.demo.control import PlainHttp, Reply


def test_a_reply_announces_the_length_of_its_body() -> None:
    """Whatever length was announced before."""
    reply = Reply(200, ((b"Content-Length", b"99"), (b"etag", b"x")), b"four")

    assert reply.measured().headers == ((b"etag", b"x"), (b"content-length", b"4"))


def test_a_304_announces_no_length() -> None:
    """It has no body, and its length would be that of the body it stands for."""
    assert Reply(304).measured() == Reply(304)


def test_a_header_is_found_whatever_its_case() -> None:
    """And is None when it is not there."""
    reply = Reply.of("text/plain", b"")

    assert (reply.header(b"content-type"), reply.header(b"etag")) == (b"text/plain", None)


def test_a_system_without_envelope_refuses_in_a_line_of_text() -> None:
    """With status 200, for that is what in-band means."""
    assert PlainHttp().in_band("GET /x", code="FERME", label="nuit") == Reply.of(
        "text/plain; charset=utf-8", b"GET /x: FERME nuit\n"
    )
