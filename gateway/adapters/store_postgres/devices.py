"""Devices that holders have signed in on."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of ours

from gateway.adapters.store_postgres.rows import insertion, listed, values_of
from gateway.adapters.store_postgres.verbs import TransactionVerbs, Verbs
from gateway.domain.access import DeviceId, KnownDevice, OnlineAccountId

_MOST = 10
_SELECT = f"SELECT {listed(KnownDevice)} FROM known_device"
_OF_ACCOUNT = f"{_SELECT} WHERE account_id = $1 ORDER BY last_used_at DESC, id"
_BY_TOKEN = f"{_SELECT} WHERE token_sha256 = $1"
_ADD = insertion("known_device", KnownDevice, "token_sha256")
# Of those used at the same instant, the one just added ($2) stays.
_DROP_OLDEST = f"""
    DELETE FROM known_device WHERE id IN (
        SELECT id FROM known_device WHERE account_id = $1
        ORDER BY last_used_at DESC, id = $2 DESC, id OFFSET {_MOST})
"""
_USE = "UPDATE known_device SET last_used_at = $2 WHERE id = $1"
_REMOVE_ALL = "DELETE FROM known_device WHERE account_id = $1"
_REMOVE = "DELETE FROM known_device WHERE id = $1"


class DeviceVerbs(Verbs):
    """Devices, in a transaction and outside."""

    async def devices_of(self, account_id: OnlineAccountId) -> tuple[KnownDevice, ...]:
        return tuple(KnownDevice(**row) for row in await self._runner.read(_OF_ACCOUNT, account_id))

    async def device(self, token_sha256: bytes) -> KnownDevice | None:
        found = await self._runner.read(_BY_TOKEN, token_sha256)
        return KnownDevice(**found[0]) if found else None


class DeviceTransactionVerbs(DeviceVerbs, TransactionVerbs):
    """What is done to the devices of an account by whoever is alone on it."""

    async def add_device(self, device: KnownDevice, *, token_sha256: bytes) -> None:
        await self._runner.write(_ADD, *values_of(device), token_sha256)
        await self._runner.write(_DROP_OLDEST, device.account_id, device.id)

    async def use_device(self, device_id: DeviceId) -> None:
        await self._runner.write(_USE, device_id, self.now)

    async def remove_devices(self, account_id: OnlineAccountId) -> None:
        await self._runner.write(_REMOVE_ALL, account_id)

    async def remove_device(self, device_id: DeviceId) -> None:
        await self._runner.write(_REMOVE, device_id)
