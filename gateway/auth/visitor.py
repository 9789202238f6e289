"""Who knocks, as far as a stranger can be known: where from, and with which device."""

from dataclasses import dataclass, field, replace

from gateway.auth.knocking import Source
from gateway.auth.tokens import token_sha256
from gateway.domain.access import KnownDevice, OnlineAccount
from gateway.domain.letter import Language
from gateway.domain.lockout import UNKNOWN_DEVICES, Bucket
from gateway.ports.store import Store


@dataclass(frozen=True, slots=True)
class Visitor:
    """The sender of one request. `device_token` is any text, kept by a device on which somebody signed in before."""

    source: Source
    language: Language = Language.FRENCH
    device_token: str | None = field(default=None, repr=False)

    @property
    def neighbours(self) -> str | None:
        """The network whose members share what is scarce; None on this machine: a proxy's, it tells nothing."""
        network = self.source.network
        return None if network.startswith(("127.", "::/")) else network

    def with_device(self, device_token: str | None) -> "Visitor":
        """The same visitor; `device_token`, if there is one, in the place of that of the cookie."""
        return replace(self, device_token=device_token) if device_token else self

    async def device_for(self, account: OnlineAccount | None, store: Store) -> KnownDevice | None:
        """The device, when it is one of the holder of `account`; that of another is unknown here. StoreError."""
        device = await store.device(token_sha256(self.device_token)) if self.device_token else None
        return device if device and account and device.account_id == account.id else None


def bucket_of(device: KnownDevice | None) -> Bucket:
    """What guesses from a device are counted in: its own, or with those of all unknown devices."""
    return Bucket(device.id) if device else UNKNOWN_DEVICES
