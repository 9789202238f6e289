"""Documents are found by text or by hash, as registered for a view or remembered, and registered ones are read once."""

import hashlib

import pytest

from gateway.schema.build import build_schema
from gateway.schema.documents import Asked, Documents
from gateway.schema.manifests import Listed
from gateway.schema.reading import Document, Rejected, sha256_of
from gateway.schema.registered import Registered, Unfit, read_registered
from gateway.schema.views import View, views
from tests.support.readings import counted

HOME = "query Home { viewer { roles } }"
SOURCES = "query Sources { __schema { queryType { name } } }"
"""For those only who may introspect."""
MD5 = hashlib.md5(HOME.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def documents() -> Documents:
    """Nothing registered, nothing remembered."""
    return Documents(views(build_schema()))


def registering(documents: Documents, *sources: str, name: str | None = None) -> Registered:
    """`documents` with these registered in the place of all others, by their SHA-256 unless `name` is given."""
    listed = [Listed(name or sha256_of(source), f"document {place}", source) for place, source in enumerate(sources)]
    registered = read_registered(listed, documents.reader)
    documents.register(registered)
    return registered


def find(
    documents: Documents,
    source: str | None = None,
    name: str | None = None,
    *,
    view: View = View.TENANT,
    is_stranger: bool = False,
    takes_free: bool = True,
    only_registered: bool = False,
) -> Document | Rejected:
    """What becomes of a request for a document."""
    asked = Asked(source, None, {}, name, only_registered=only_registered)
    return documents.find(asked, view, is_stranger=is_stranger, takes_free=takes_free)


def code(found: Document | Rejected) -> tuple[str, str]:
    """Code and message of the one reason why there is no document."""
    assert isinstance(found, Rejected)
    [error] = found.errors
    assert error.extensions is not None
    return error.extensions["code"], error.message


NOT_FOUND = ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
REQUIRED = ("PERSISTED_QUERY_REQUIRED", "only registered documents are served here")


@pytest.mark.parametrize("takes_free", [True, False])
@pytest.mark.parametrize(("source", "name"), [(HOME, None), (None, sha256_of(HOME)), (HOME, sha256_of(HOME))])
def test_a_registered_document_is_found_by_text_and_hash(
    source: str | None, name: str | None, takes_free: bool, documents: Documents
) -> None:
    """The same tree for each, also for whoever may send nothing else."""
    registering(documents, HOME)

    found = find(documents, source, name, takes_free=takes_free, only_registered=True, is_stranger=True)

    assert isinstance(found, Document)
    assert (found.is_registered, found.sha256) == (True, sha256_of(HOME))
    assert found is find(documents, HOME)


def test_a_document_that_relay_named_is_found_by_both_names(documents: Documents) -> None:
    """By the MD5 of its manifest, and by its text."""
    assert registering(documents, HOME, name=MD5).count == 1

    assert find(documents, None, MD5, takes_free=False) is find(documents, HOME, takes_free=False)


def test_a_document_in_two_manifests_is_read_once(documents: Documents) -> None:
    """Web and application often send the same."""
    with counted() as counts:
        registered = registering(documents, HOME, HOME)

    assert (registered.count, counts["parsed"]) == (1, 2)


def test_what_is_registered_for_others_does_not_exist(documents: Documents) -> None:
    """A tenant who knows the hash of a member of staff's document learns no name of a field from it."""
    registering(documents, SOURCES)

    assert isinstance(find(documents, None, sha256_of(SOURCES), view=View.ANALYST, takes_free=False), Document)
    assert code(find(documents, None, sha256_of(SOURCES))) == NOT_FOUND
    assert code(find(documents, SOURCES, takes_free=False))[0] == "INTROSPECTION_NOT_ALLOWED"


def test_a_document_that_is_not_registered_is_refused_to_whoever_may_send_no_other(documents: Documents) -> None:
    """Its text is not even parsed, and its hash is not known."""
    with counted() as counts:
        assert code(find(documents, HOME, takes_free=False)) == REQUIRED
        assert code(find(documents, HOME, only_registered=True)) == REQUIRED
        assert code(find(documents, None, sha256_of(HOME), takes_free=False)) == NOT_FOUND

    assert counts == {"parsed": 0, "planned": 0, "validated": 0}


def test_a_text_with_its_hash_is_found_by_the_hash_from_then_on(documents: Documents) -> None:
    """Automatic persisted queries, for somebody signed in who may send free documents: for the same view only."""
    name = sha256_of(HOME)
    assert code(find(documents, None, name)) == NOT_FOUND

    sent = find(documents, HOME, name)

    assert find(documents, None, name) is sent
    assert code(find(documents, None, name, view=View.ADVISOR)) == NOT_FOUND
    assert code(find(documents, None, name, takes_free=False)) == NOT_FOUND
    assert code(find(documents, None, name, only_registered=True)) == NOT_FOUND


def test_a_stranger_reads_what_is_remembered_and_names_nothing(documents: Documents) -> None:
    """Their text runs, and its hash alone is not known; that of somebody signed in is."""
    name = sha256_of(HOME)

    sent = find(documents, HOME, name, is_stranger=True)

    assert isinstance(sent, Document)
    assert code(find(documents, None, name, is_stranger=True)) == NOT_FOUND
    assert find(documents, HOME, name) is sent
    assert find(documents, None, name, is_stranger=True) is sent


def test_a_text_without_its_hash_is_not_found_by_the_hash(documents: Documents) -> None:
    """Nobody asked for that."""
    find(documents, HOME)

    assert code(find(documents, None, sha256_of(HOME))) == NOT_FOUND


def test_a_text_that_does_not_fit_is_not_named(documents: Documents) -> None:
    """It is not remembered at all."""
    assert code(find(documents, "{ nothing }", sha256_of("{ nothing }")))[0] == "GRAPHQL_VALIDATION_FAILED"

    assert code(find(documents, None, sha256_of("{ nothing }"))) == NOT_FOUND


def test_a_registered_document_is_read_at_load_and_never_again(documents: Documents) -> None:
    """Whoever asks for it later, in whatever form, waits for no parser; not even where it does not fit."""
    with counted() as at_load:
        registering(documents, HOME, SOURCES)
    with counted() as later:
        for view in View:
            for source in (HOME, SOURCES):
                find(documents, source, view=view)
                find(documents, None, sha256_of(source), view=view)
    with counted() as free:
        find(documents, "{ viewer { roles } }")

    tiers = 2
    assert at_load["parsed"] == 2 * tiers
    assert later == {"parsed": 0, "planned": 0, "validated": 0}
    assert free == {"parsed": 1, "planned": 1, "validated": 1}


def test_documents_are_replaced_as_a_whole(documents: Documents) -> None:
    """What was found before is kept by whoever holds it; from now on only the others are there."""
    registering(documents, HOME)
    held = find(documents, HOME, takes_free=False)
    registering(documents, SOURCES)

    assert isinstance(held, Document)
    assert code(find(documents, HOME, takes_free=False)) == REQUIRED


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("query A { viewer { passwords } }", "line 1, column 20: Cannot query field 'passwords' on type 'Viewer'."),
        ('query A { viewer(a: "hunter2) }', "line 1, column 32: Syntax Error: Unterminated string."),
        ("{ hunter2", "line 1, column 10: Syntax Error: Expected Name"),
    ],
)
def test_a_document_that_fits_nobody_is_named_with_its_reason(source: str, reason: str, documents: Documents) -> None:
    """Place and reason, by the view that it comes closest to, and no value that stands in it."""
    registered = registering(documents, HOME, source)

    [unfit] = registered.unfit
    assert unfit.name == "document 1"
    assert unfit.reasons[0].startswith(reason)
    assert "hunter2" not in str(unfit)


def test_a_document_over_a_limit_fits_nobody(documents: Documents) -> None:
    """Registered documents are held to the limits like any other."""
    aliases = "{" + "".join(f"a{n}: __typename " for n in range(31)) + "}"

    [unfit] = registering(documents, aliases).unfit

    assert unfit == Unfit("document 0", ("a document has at most 15 aliases",))
    assert str(unfit) == "document 0: a document has at most 15 aliases"


def test_a_document_that_always_costs_too_much_fits_nobody(documents: Documents) -> None:
    """What nobody could run is not registered; what depends on a variable is decided when it is asked."""
    many = "query Many { viewer { tenant { rentalAccounts { %s } } } }"
    ledgers = [f"a{n}: ledger(first: 100) {{ edges {{ node {{ id }} }} }}" for n in range(2)]
    dear = many % " ".join(ledgers)
    open_ended = dear.replace("Many", "Many($n: Int!)").replace("100", "$n")

    assert registering(documents, dear, open_ended).unfit == (
        Unfit("document 0", ("an operation costs at most 1000",)),
    )


def test_reasons_are_told_of_the_closest_view(documents: Documents) -> None:
    """A document of staff with one mistake is told of that one, not of all that tenants have not."""
    [unfit] = registering(documents, "{ __schema { types { nam } } a: viewer { rols } }").unfit

    assert len(unfit.reasons) == 1


def test_it_is_counted_where_documents_were_found(documents: Documents) -> None:
    """Of those that fit; what is refused is counted elsewhere."""
    registering(documents, HOME)
    free = "{ viewer { channel } }"
    for source, name in [
        (HOME, None),
        (None, sha256_of(HOME)),
        (free, None),
        (free, sha256_of(free)),
        (None, sha256_of(free)),
        ("{ nothing }", None),
        (None, sha256_of("{ nothing }")),
    ]:
        find(documents, source, name)

    assert documents.lookups == {("registered",): 2, ("read",): 1, ("remembered",): 2}
    assert documents.remembered == 1


def test_what_has_been_read_before_is_known_without_being_given(documents: Documents) -> None:
    """For whoever must decide before anything is read; it is counted nowhere."""
    registering(documents, HOME)
    free, new = "{ viewer { channel } }", "{ __typename }"
    read = find(documents, free)
    before = documents.lookups.copy()

    assert documents.known(Asked(HOME, None, {}), View.TENANT) is not None
    assert documents.known(Asked(free, None, {}), View.TENANT) is read
    assert documents.known(Asked(free, None, {}), View.ADVISOR) is None
    assert documents.known(Asked(new, None, {}), View.TENANT) is None
    assert documents.lookups == before
