"""The log tells what happened, and nothing about whom it happened to."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from gateway.log import FIELDS, Level, configure

SECRET = "Mirabelle-57!"


class Log(io.StringIO):
    """What was written, line by line."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line, parsed, without its time."""
        parsed = [json.loads(line) for line in self.getvalue().splitlines()]
        return [{key: value for key, value in line.items() if key != "at"} for line in parsed]


@pytest.fixture
def written() -> Iterator[Log]:
    """A log at its usual level; everything is as before afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    silenced = [logging.getLogger(name) for name in ("strawberry.execution", "uvicorn.access")]
    log = Log()
    configure(Level.INFO, stream=log)
    yield log
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers
    root.setLevel(level)
    for logger in silenced:
        logger.disabled = False


def test_an_event_is_one_line_with_its_fields(written: Log) -> None:
    """Name, level, instant, and what is on the list."""
    structlog.get_logger().info("upstream.answered", system="RENT_ERP", operation="balances", duration_ms=12.5)

    assert written.lines == [
        {
            "level": "info",
            "event": "upstream.answered",
            "system": "RENT_ERP",
            "operation": "balances",
            "duration_ms": 12.5,
        }
    ]
    assert json.loads(written.getvalue())["at"].endswith("+00:00")


@pytest.mark.parametrize(
    "field", ["name", "email", "phone", "amount", "token", "body", "password", "reference", "exception", "stack"]
)
def test_what_is_not_on_the_list_is_dropped_and_counted(written: Log, field: str) -> None:
    """Names, addresses, telephone numbers, amounts, tokens, bodies, by whatever mistake."""
    structlog.get_logger().info("sign_in.finished", code="DENIED", **{field: SECRET})

    assert field not in FIELDS
    assert written.lines == [{"level": "info", "event": "sign_in.finished", "code": "DENIED", "dropped_fields": 1}]


@pytest.mark.parametrize("value", [{"password": SECRET}, [SECRET], SECRET.encode(), object()])
def test_a_value_that_can_hold_anything_is_dropped(written: Log, value: object) -> None:
    """A field of the list takes a text, a number, a truth value or nothing."""
    structlog.get_logger().info("sign_in.finished", outcome=value)

    assert written.lines == [{"level": "info", "event": "sign_in.finished", "dropped_fields": 1}]


def test_a_value_of_any_text_is_one_line(written: Log) -> None:
    """Line breaks, surrogates and length cannot forge or break a line."""
    structlog.get_logger().info("a.b", code='x"\n{"event": "forged"}', operation="\ud800", outcome="y" * 10_000)

    (line,) = written.lines
    assert line["code"] == 'x"\n{"event": "forged"}'
    assert line["operation"] == "\ud800"
    assert line["outcome"] == "y" * 200


def test_an_event_without_a_constant_name_loses_it(written: Log) -> None:
    """A sentence could have anything in it."""
    structlog.get_logger().warning(f"password {SECRET} refused")
    structlog.get_logger().warning("password %s refused", SECRET)

    assert written.lines == [{"level": "warning", "event": "log.misnamed"}] * 2


def test_what_is_bound_to_the_request_is_in_each_of_its_lines(written: Log) -> None:
    """And goes through the same list."""
    structlog.contextvars.bind_contextvars(request_id="r-1", reference="12345")

    structlog.get_logger().info("request.finished", status=200)

    assert written.lines == [
        {"level": "info", "event": "request.finished", "request_id": "r-1", "status": 200, "dropped_fields": 1}
    ]


def test_events_below_the_level_are_not_written(written: Log) -> None:
    """The level is a setting."""
    structlog.get_logger().debug("cache.hit")
    structlog.get_logger().info("cache.miss")

    assert [line["event"] for line in written.lines] == ["cache.miss"]


def look_up(secret: str) -> str:
    """A KeyError that repeats `secret`."""
    nobody: dict[str, str] = {}
    return nobody[secret]


def convert(secret: str) -> str:
    """A ValueError that repeats `secret`, caused by a KeyError that does so too."""
    try:
        return look_up(secret)
    except KeyError as error:
        raise ValueError(secret) from error


def fail(secret: str) -> None:
    """A group of errors, each part of which repeats `secret`."""
    try:
        convert(secret)
    except ValueError as error:
        raise ExceptionGroup(secret, [RuntimeError(secret), error]) from None


def test_a_failure_tells_where_it_passed_and_not_what_it_says(written: Log) -> None:
    """Messages and variables repeat what people typed; classes and places do not."""
    try:
        fail(SECRET)
    except ExceptionGroup:
        structlog.get_logger().exception("request.failed", request_id="r-1")

    (line,) = written.lines
    assert [chapter["class"] for chapter in line["failure"]] == [
        "builtins.ExceptionGroup",
        "builtins.RuntimeError",
        "builtins.ValueError",
        "builtins.KeyError",
    ]
    assert [place.split(":")[0] for place in line["failure"][0]["passed"]] == ["tests.unit.test_log"] * 2
    assert line["failure"][0]["passed"][1].endswith(" fail")
    assert SECRET not in written.getvalue()


def convert_while_handling(secret: str) -> int:
    """A ValueError that happened while a KeyError was handled; both repeat `secret`."""
    try:
        return len(look_up(secret))
    except KeyError:
        return int(secret)


def test_a_failure_can_be_handed_over(written: Log) -> None:
    """Outside of its `except`, with what led to it."""
    with pytest.raises(ValueError, match=SECRET) as raised:
        convert_while_handling(SECRET)

    structlog.get_logger().error("store.failed", exc_info=raised.value)

    classes = [chapter["class"] for chapter in written.lines[0]["failure"]]
    assert classes == ["builtins.ValueError", "builtins.KeyError"]
    assert SECRET not in written.getvalue()


def test_a_failure_without_end_is_cut(written: Log) -> None:
    """Eight causes, twenty places each."""

    def deep(levels: int) -> None:
        if levels == 0:
            raise ValueError
        deep(levels - 1)

    failure: Exception = ValueError()
    for _ in range(20):
        try:
            deep(50)
        except ValueError as error:
            error.__cause__ = failure
            failure = error
    structlog.get_logger().error("store.failed", exc_info=failure)

    (line,) = written.lines
    assert [len(chapter["passed"]) for chapter in line["failure"]] == [20] * 8


def test_what_libraries_log_is_reduced_to_where(written: Log) -> None:
    """From warnings on; their sentences are not ours to trust."""
    logging.getLogger("some.library").info("hello")
    logging.getLogger("some.library").warning("cannot log %s in with %s", "Louise", SECRET)

    (line,) = written.lines
    where = line.pop("where")
    assert where.startswith("test_log:")
    assert where.endswith("test_what_libraries_log_is_reduced_to_where")
    assert line == {"level": "warning", "event": "library.logged", "logger": "some.library"}


def test_a_failure_that_a_library_logs_is_told_in_the_same_way(written: Log) -> None:
    """For example uvicorn's, when a request ends in an error of ours."""
    try:
        int(SECRET)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application: %s", SECRET)

    (line,) = written.lines
    assert [chapter["class"] for chapter in line["failure"]] == ["builtins.ValueError"]
    assert SECRET not in written.getvalue()


@pytest.mark.parametrize("name", ["strawberry.execution", "uvicorn.access"])
def test_loggers_that_repeat_what_was_sent_are_silent(written: Log, name: str) -> None:
    """GraphQL errors come with the source line, password included."""
    logging.getLogger(name).error("signIn(password: %s)", SECRET, exc_info=ValueError(SECRET))

    assert written.getvalue() == ""


def test_the_log_goes_to_standard_error(capfd: pytest.CaptureFixture[str], written: Log) -> None:
    """Standard output belongs to commands."""
    configure(Level.INFO)

    structlog.get_logger().info("gateway.started", port=8000)

    out, err = capfd.readouterr()
    assert out == ""
    assert json.loads(err)["event"] == "gateway.started"


def test_every_field_of_the_list_says_what_it_is_and_is_no_personal_data() -> None:
    """A new field is a decision: this list changes with it."""
    assert sorted(FIELDS) == [
        "attempts",
        "bytes",
        "channel",
        "client",
        "client_version",
        "code",
        "count",
        "duration_ms",
        "field",
        "host",
        "kind",
        "mode",
        "operation",
        "outcome",
        "port",
        "reason",
        "request_id",
        "retry_after_seconds",
        "revision",
        "role",
        "session_id",
        "signal",
        "status",
        "system",
        "trace_id",
        "version",
    ]
