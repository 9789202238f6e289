"""The same gateway over an ERP that we did not write: Tryton, through the composition root and the door."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway import app, commands
from gateway.settings import load
from tests.support.client import SIGN_IN, document_of, question
from tests.support.tryton import Tryton
from tests.support.tryton_books import books
from tests.support.tryton_world import TODAY

GATEWAY = "http://127.0.0.1:8000"
PASSWORD = "Mirabelle-57!"
NOT_CONNECTED = {"code": "SOURCE_NOT_CONNECTED", "retryable": False}


@pytest.fixture
async def door(tryton: Tryton, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application over Tryton, with an account for the plain tenant."""
    settings = load(
        {
            "GATEWAY_MODE": "demo",
            "GATEWAY_PUBLIC_URL": GATEWAY,
            "GATEWAY_SECRET_KEY": "00" * 32,
            "GATEWAY_DATABASE_URL": f"sqlite:///{tmp_path / 'gateway.db'}",
            "GATEWAY_ERP_KIND": "tryton",
            "GATEWAY_ERP_URL": tryton.url,
            "GATEWAY_ERP_DATABASE": tryton.database,
            "GATEWAY_ERP_USER": tryton.user,
            "GATEWAY_ERP_PASSWORD": tryton.password,
            "GATEWAY_FREE_DOCUMENTS": "everyone",
            "GATEWAY_LANDLORD_NAME": "Habitat Mosellan",
            "GATEWAY_LANDLORD_PHONE": "03 53 01 00 57",
            "GATEWAY_ACCOUNT_URL": f"{GATEWAY}/choose-password",
            "GATEWAY_SMTP_HOST": "127.0.0.1",
            "GATEWAY_SMTP_PORT": "9",
            "GATEWAY_SMTP_SECURITY": "none",
            "GATEWAY_MAIL_FROM": "ne-pas-repondre@habitat-mosellan.example.org",
            "GATEWAY_ANDROID_LATEST": "4.2.0",
            "GATEWAY_ANDROID_MINIMUM": "4.0.0",
            "GATEWAY_ANDROID_STORE_URL": "https://example.org/android",
            "GATEWAY_IOS_LATEST": "4.2.0",
            "GATEWAY_IOS_MINIMUM": "4.0.0",
            "GATEWAY_IOS_STORE_URL": "https://example.org/ios",
        }
    )
    await asyncio.to_thread(commands.migrate, settings)
    tenants = [{"reference": "4120001", "tenant": "4120001", "password": PASSWORD}]
    await commands.seed(settings, json.dumps({"tenants": tenants, "staff": []}).encode())
    async with app.build(settings) as application:
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url=GATEWAY) as client:
            yield client


async def asked(door: httpx.AsyncClient, document: str) -> Any:
    """The answer to `document` for the plain tenant, signed in."""
    credentials = {"accountReference": "4120001", "password": PASSWORD, "channel": "MOBILE"}
    signed_in = await door.post("/graphql", json=question(SIGN_IN, {"input": credentials}))
    token = signed_in.json()["data"]["signIn"]["tokens"]["accessToken"]
    answer = await door.post("/graphql", json=question(document, {}), headers={"Authorization": f"Bearer {token}"})
    return answer.json()


async def test_a_home_page_comes_from_tryton_with_the_figures_of_its_own_books(
    door: httpx.AsyncClient, tryton: Tryton
) -> None:
    """The same operation of the same client; what this landlord has not connected says so, and nothing else fails."""
    told = await asked(door, document_of("web_home"))

    [account] = told["data"]["viewer"]["tenant"]["rentalAccounts"]
    assert account["balance"]["due"]["amount"] == str(books(tryton, today=TODAY)["4120001"].total)
    assert account["balance"]["due"]["amount"] == "525.07"
    failed = {error["path"][-1]: error["extensions"] for error in told["errors"]}
    assert set(failed) == {"announcements", "works", "advisor", "office", "usefulContacts", "water"}
    assert all(NOT_CONNECTED.items() <= extensions.items() for extensions in failed.values())


async def test_a_notice_is_downloaded_from_tryton_by_its_link(door: httpx.AsyncClient) -> None:
    """The attachment of the invoice, as a PDF."""
    query = """{ viewer { tenant { rentalAccounts { notices(first: 1) { edges { node {
      document { availability downloadUrl } } } } } } } }"""
    told = await asked(door, query)
    [account] = told["data"]["viewer"]["tenant"]["rentalAccounts"]
    document = account["notices"]["edges"][0]["node"]["document"]

    file = await door.get(document["downloadUrl"])

    assert (document["availability"], file.status_code) == ("AVAILABLE", 200)
    assert file.content.startswith(b"%PDF-")
    assert file.headers["content-type"] == "application/pdf"
