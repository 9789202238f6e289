"""Everything that can be done with online accounts, over one foundation. Made once, by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from gateway.auth.administration import Administration
from gateway.auth.changing import ChangePassword
from gateway.auth.choosing import ChooseAccountPassword
from gateway.auth.credentials import NewPasswords
from gateway.auth.errands import Errands, Postman
from gateway.auth.guard import Guard
from gateway.auth.knocking import Knocking
from gateway.auth.leaving import Leaving
from gateway.auth.link_answers import AnswerLinkRequest
from gateway.auth.link_requests import RequestLink
from gateway.auth.outcomes import Outcomes
from gateway.auth.passwords import HashPool
from gateway.auth.refreshing import RefreshSession
from gateway.auth.renewals import Renewals
from gateway.auth.sessions import Sessions
from gateway.auth.sign_in import SignIn
from gateway.auth.tokens import Mint
from gateway.auth.trail import Trail
from gateway.auth.upkeep import Upkeep
from gateway.auth.vault import Vault
from gateway.domain.lockout import LockoutRules
from gateway.domain.password import LANDLORD, PasswordRules
from gateway.domain.renewal import RenewalMode
from gateway.ports.store import Store
from gateway.ports.tenancy import TenancyPort
from gateway.support.assistance import Assistance


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRules:
    """The landlord's decisions.

    `landlord_words` are what no password is built on, `landlord_phone` is what anybody may call, as shown,
    `letter_domain` ends message ids.
    """

    lockout: LockoutRules = field(default_factory=LockoutRules)
    passwords: PasswordRules = LANDLORD
    renewal: RenewalMode = RenewalMode.INVITE
    landlord_words: tuple[str, ...] = ()
    landlord_phone: str = ""
    letter_domain: str = "localhost"
    assistance_retention: timedelta = timedelta(days=30)
    audit_retention: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """What the use cases stand on. `secret` is the gateway's own key."""

    store: Store
    passwords: HashPool
    sessions: Sessions
    knocking: Knocking
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    outcomes: Outcomes = field(default_factory=Outcomes)


@dataclass(frozen=True)
class AccountDesk:
    """The use cases, one for each mutation, and the rules they follow."""

    foundation: Foundation
    rules: AccountRules
    tenancy: TenancyPort

    @cached_property
    def vault(self) -> Vault:
        """Seals and pseudonyms."""
        return Vault(self.foundation.secret)

    @cached_property
    def trail(self) -> Trail:
        """Lines for the audit."""
        return Trail(self.vault)

    @cached_property
    def guard(self) -> Guard:
        """The lockout."""
        return Guard(self.foundation.store, rules=self.rules.lockout)

    @cached_property
    def new_passwords(self) -> NewPasswords:
        """Judges new passwords."""
        return NewPasswords(
            self.vault,
            self.foundation.sessions,
            self.rules.passwords,
            self.rules.landlord_words,
            self.rules.letter_domain,
        )

    @cached_property
    def sign_in(self) -> SignIn:
        """`signIn`."""
        base = self.foundation
        return SignIn(
            store=base.store,
            guard=self.guard,
            rules=self.rules.lockout,
            passwords=base.passwords,
            sessions=base.sessions,
            vault=self.vault,
            trail=self.trail,
            knocking=base.knocking,
            outcomes=base.outcomes,
        )

    @cached_property
    def refresh_session(self) -> RefreshSession:
        """`refreshSession`."""
        base = self.foundation
        return RefreshSession(base.store, base.sessions, Mint(base.secret), self.vault, self.trail)

    @cached_property
    def leaving(self) -> Leaving:
        """`signOut`, `revokeSession`."""
        return Leaving(self.foundation.store, self.foundation.sessions, self.trail)

    @cached_property
    def request_link(self) -> RequestLink:
        """`requestAccountLink`."""
        base = self.foundation
        return RequestLink(base.store, self.rules.lockout, self.vault, self.trail, base.knocking, base.outcomes)

    @cached_property
    def answer_link_request(self) -> AnswerLinkRequest:
        """What follows `requestAccountLink`."""
        return AnswerLinkRequest(self.foundation.store, self.tenancy, self.vault, self.trail, self.rules.letter_domain)

    @cached_property
    def choose_password(self) -> ChooseAccountPassword:
        """`chooseAccountPassword`."""
        base = self.foundation
        return ChooseAccountPassword(
            store=base.store,
            rules=self.rules.lockout,
            passwords=base.passwords,
            new_passwords=self.new_passwords,
            sessions=base.sessions,
            vault=self.vault,
            trail=self.trail,
            knocking=base.knocking,
            outcomes=base.outcomes,
        )

    @cached_property
    def change_password(self) -> ChangePassword:
        """`changePassword`."""
        base = self.foundation
        return ChangePassword(
            store=base.store,
            guard=self.guard,
            rules=self.rules.lockout,
            passwords=base.passwords,
            new_passwords=self.new_passwords,
            sessions=base.sessions,
            vault=self.vault,
            trail=self.trail,
            knocking=base.knocking,
            outcomes=base.outcomes,
        )

    @cached_property
    def renewals(self) -> Renewals:
        """`dismissPasswordRenewal`, and the letters that announce the renewal."""
        base = self.foundation
        return Renewals(
            store=base.store,
            vault=self.vault,
            trail=self.trail,
            mode=self.rules.renewal,
            letter_domain=self.rules.letter_domain,
            clock=base.clock,
        )

    @cached_property
    def assistance(self) -> Assistance:
        """`requestAssistance`, `resolveAssistance`."""
        return Assistance(
            store=self.foundation.store,
            vault=self.vault,
            trail=self.trail,
            knocking=self.foundation.knocking,
            links=self.answer_link_request,
            retention=self.rules.assistance_retention,
            outcomes=self.foundation.outcomes,
        )

    @cached_property
    def administration(self) -> Administration:
        """The operator's commands."""
        base = self.foundation
        return Administration(base.store, self.rules.lockout, base.sessions, self.vault, self.trail)

    def errands(self, postman: Postman) -> Errands:
        """The worker of the outbox."""
        base = self.foundation
        return Errands(base.store, self.vault, postman, self.answer_link_request, base.clock)

    def upkeep(self) -> Upkeep:
        """The hourly worker."""
        base = self.foundation
        return Upkeep(base.store, self.renewals, self.rules.audit_retention, base.clock)
