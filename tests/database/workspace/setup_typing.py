"""Typing into the pages of set-up, and reading what they answer."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return " ".join(html.unescape(answer.content.decode()).split())


def wrong(page: str) -> dict[str, str]:
    """Return what stands beside each field that is wrong."""
    return dict(re.findall(r'data-wrong="(\w+)">(.*?)</strong>', page))


def said(page: str) -> list[str]:
    return re.findall(r"data-said>(.*?)</div>", page)


def shown(client: Client, entity: str, **key: str) -> dict[str, str]:
    """Open a record and return what its form would send unchanged, with its address."""
    page = text_of(client.get(f"/set-up/{entity}/record/", key))
    sent = dict(re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)"', page))
    for name, choices in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', page):
        sent[name] = re.findall(r'value="([^"]*)" selected', choices)[0]
    sent["fingerprint"] = re.findall(r'name="fingerprint" value="(\w+)"', page)[0]
    return sent


def change(client: Client, entity: str, key: dict[str, str], **typed: str) -> str:
    """Open a record, change what is typed, save, and return the page that answers."""
    sent = {**shown(client, entity, **key), **typed}
    return save(client, entity, key, sent)


def save(client: Client, entity: str, key: dict[str, str], sent: dict[str, str]) -> str:
    return text_of(client.post(f"/set-up/{entity}/record/", sent, QUERY_STRING=query(key), follow=True))


def query(key: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in key.items())


def enter_new(client: Client, entity: str, **typed: str) -> str:
    return text_of(client.post(f"/set-up/{entity}/new/", typed, follow=True))
