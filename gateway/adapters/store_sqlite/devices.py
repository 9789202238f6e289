"""Devices that holders have signed in on, in SQLite."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.verbs import TransactionVerbs, Verbs
from gateway.domain.access import DeviceId, KnownDevice, OnlineAccountId

_AT_MOST = 10
_DEVICE = rows.columns(KnownDevice)
_LATEST_FIRST = "ORDER BY last_used_at DESC, id"
_OF = f"SELECT {_DEVICE} FROM known_device WHERE account_id = :account_id {_LATEST_FIRST}"
_BY_TOKEN = f"SELECT {_DEVICE} FROM known_device WHERE token_sha256 = :token_sha256"
_ADD = f"""
    INSERT INTO known_device ({_DEVICE}, token_sha256) VALUES ({rows.placeholders(KnownDevice)}, :token_sha256)
"""
_REMOVE_THOSE_TOO_MANY = f"""
    DELETE FROM known_device WHERE id IN (
        SELECT id FROM known_device WHERE account_id = :account_id {_LATEST_FIRST} LIMIT -1 OFFSET {_AT_MOST})
"""
_USE = "UPDATE known_device SET last_used_at = :now WHERE id = :id"
_REMOVE_ALL = "DELETE FROM known_device WHERE account_id = :account_id"
_REMOVE = "DELETE FROM known_device WHERE id = :id"


class DeviceVerbs(Verbs):
    """Finding devices."""

    async def devices_of(self, account_id: OnlineAccountId) -> tuple[KnownDevice, ...]:
        found = await self._read(_OF, {"account_id": account_id})
        return tuple(KnownDevice(**rows.values(row)) for row in found)

    async def device(self, token_sha256: bytes) -> KnownDevice | None:
        found = await self._read(_BY_TOKEN, {"token_sha256": token_sha256})
        return KnownDevice(**rows.values(found[0])) if found else None


class DeviceTransactionVerbs(TransactionVerbs):
    """Remembering and forgetting devices."""

    async def add_device(self, device: KnownDevice, *, token_sha256: bytes) -> None:
        await self._write(_ADD, {**rows.parameters(device), "token_sha256": token_sha256})
        await self._write(_REMOVE_THOSE_TOO_MANY, {"account_id": device.account_id})

    async def use_device(self, device_id: DeviceId) -> None:
        await self._write(_USE, {"id": device_id, "now": rows.micros(self.now)})

    async def remove_devices(self, account_id: OnlineAccountId) -> None:
        await self._write(_REMOVE_ALL, {"account_id": account_id})

    async def remove_device(self, device_id: DeviceId) -> None:
        await self._write(_REMOVE, {"id": device_id})
