"""Works that concern a dwelling, with what was told about them and when a clerk recorded it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import assert_never

from gateway.demo.world.account import Account
from gateway.demo.world.model import Works, WorksState, WorksUpdate
from gateway.demo.world.numbers import works_number
from gateway.demo.world.worksites import WORKSITES, Worksite

_ON_SITE, _AT_THE_DESK = time(8, 40), time(15, 10)
_LATE_BY = timedelta(days=8)
_DAY = timedelta(days=1)
_STATES: tuple[WorksState, ...] = ("ANNONCE", "EN_COURS", "EN_COURS", "EN_COURS", "SUSPENDU")
_PAST_STATES: tuple[WorksState, ...] = ("TERMINE", "TERMINE", "TERMINE", "ANNULE")


def draw_works(rng: Random, *, account: Account) -> tuple[Works, ...]:
    """The works that concern the dwelling, if there are any."""
    if account.profile.home.stage not in ("RUNNING", "NOTICE_GIVEN"):
        return ()
    match account.profile.home.works:
        case "NONE":
            return ()
        case "OPEN":
            return (_drawn(rng, account=account, state=rng.choice(_STATES)),)
        case "FINISHED":
            return (_drawn(rng, account=account, state=rng.choice(_PAST_STATES)),)
        case "LATE_ENTRY":
            works = _drawn(rng, account=account, state="EN_COURS")
            return (replace(works, updates=(*works.updates, _late_update(account.last_night))),)
        case _:
            assert_never(account.profile.home.works)


def _drawn(rng: Random, *, account: Account, state: WorksState) -> Works:
    rank = rng.randrange(len(WORKSITES))
    site = WORKSITES[rank]
    starts_on = _working_day(account.today + _start(rng, site=site, state=state))
    expected_end_on = _working_day(starts_on + site.days * _DAY)
    return Works(
        number=works_number(account.index, rank=1),
        lease_numbers=(account.main_lease,),
        title=site.title,
        description=site.description,
        state=state,
        scope=site.scope,
        impacts=site.impacts,
        starts_on=starts_on,
        expected_end_on=expected_end_on,
        ended_on=expected_end_on if state == "TERMINE" else None,
        contractor=site.contractor,
        contractor_phone=f"03 53 01 16 {rank:02d}",
        access_required=site.access_required,
        updates=_updates(state, starts_on=starts_on, ended_on=expected_end_on),
    )


def _start(rng: Random, *, site: Worksite, state: WorksState) -> timedelta:
    """How far from today the works begin: ahead when announced, long past when finished."""
    match state:
        case "ANNONCE" | "ANNULE":
            return _DAY * rng.randint(12, 45)
        case "EN_COURS" | "SUSPENDU":
            return -_DAY * rng.randint(16, site.days - 5)
        case "TERMINE":
            return -_DAY * rng.randint(site.days + 10, site.days + 90)
        case _:
            assert_never(state)


def _updates(state: WorksState, *, starts_on: date, ended_on: date) -> tuple[WorksUpdate, ...]:
    """What was told so far, oldest first, recorded on the day it happened."""
    announced = (_update(starts_on - 60 * _DAY, "Information des locataires par affichage et courrier."),)
    begun = (
        *announced,
        _update(starts_on, "Installation du chantier et état des lieux des parties communes."),
    )
    match state:
        case "ANNONCE":
            return announced
        case "ANNULE":
            return (*announced, _update(starts_on - 50 * _DAY, "Travaux reportés à l’année prochaine."))
        case "EN_COURS":
            return (*begun, _update(starts_on + 4 * _DAY, "Première cage d’escalier terminée."))
        case "SUSPENDU":
            return (
                *begun,
                _update(starts_on + 6 * _DAY, "Chantier suspendu : matériel en attente de livraison."),
            )
        case "TERMINE":
            return (*begun, _update(ended_on, "Travaux réceptionnés."))
        case _:
            assert_never(state)


def _late_update(last_night: date) -> WorksUpdate:
    """What happened ten days ago, typed in eight days later."""
    happened_on = last_night - 10 * _DAY
    update = _update(happened_on, "Coupure d’eau de deux heures, rétablie à midi.")
    return replace(update, recorded_at=update.recorded_at + _LATE_BY)


def _update(day: date, message: str) -> WorksUpdate:
    return WorksUpdate(datetime.combine(day, _ON_SITE, UTC), datetime.combine(day, _AT_THE_DESK, UTC), message)


def _working_day(day: date) -> date:
    """The day itself, or the Monday after: no works on Saturdays and Sundays."""
    return day + (8 - day.isoweekday()) * _DAY if day.isoweekday() > 5 else day
