"""Translations: read what a thing says in a language, and write it."""

from __future__ import annotations

from souk.kernel import ids
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.translating.save import save_translations
from souk.translating.sources import Resource
from souk.translating.state import read_translations
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_translations import (
    TranslationEntry,
    TranslationList,
    TranslationParameters,
    TranslationWrite,
)
from souk.web.theme_texts import known_language, one_resource

_PREFIXES = {
    "product": ids.PRODUCT, "collection": ids.COLLECTION, "page": ids.PAGE, "article": ids.ARTICLE, "menu": ids.MENU,
    "metaobject": ids.METAOBJECT,
}  # fmt: skip
_PROBLEMS = {404: "There is nothing of this kind and id in the shop.", 422: "`unknown_language`, `unknown_text`."}


@admin_api.operation(
    "GET",
    "/translations",
    summary="Read the texts of one thing beside their translations",
    tag="translations",
    takes=TranslationParameters,
    answers=TranslationList,
    access="admin",
    permission="read_translations",
    edge=True,
    problems=_PROBLEMS,
)
def read_shop_translations(call: Call, query: TranslationParameters) -> TranslationList:
    return _answer(call, query, _resource(call, query))


@admin_api.operation(
    "PUT",
    "/translations",
    summary="Write translations of one thing",
    tag="translations",
    takes=TranslationWrite,
    answers=TranslationList,
    access="admin",
    permission="write_translations",
    edge=True,
    most_bytes=2_000_000,
    problems=_PROBLEMS,
)
def write_translations(call: Call, body: TranslationWrite) -> TranslationList:
    resource = _resource(call, body)
    with transaction(call.scope) as session:
        locale = known_language(read_setting(session, "shop"), body.locale)
        save_translations(session, resource, locale, {each.field: each.value for each in body.translations})
    return _answer(call, body, resource)


def _resource(call: Call, named: TranslationParameters | TranslationWrite) -> Resource:
    prefix = _PREFIXES.get(named.resource_type)
    return one_resource(call.scope, named.resource_type, ids.decode(prefix, named.resource_id) if prefix else 0)


def _answer(call: Call, named: TranslationParameters | TranslationWrite, resource: Resource) -> TranslationList:
    with transaction(call.scope, read_only=True) as session:
        locale = known_language(read_setting(session, "shop"), named.locale)
        (found,) = read_translations(session, [resource], locale)
    return TranslationList(
        resource_type=named.resource_type,
        resource_id=named.resource_id,
        locale=locale,
        title=resource.title,
        translations=[
            TranslationEntry(
                field=each.text.field, source=each.text.source, status=each.status,
                value=None if each.status == "missing" else each.value,
            )
            for each in found.entries
        ],
    )  # fmt: skip
