"""The rule of one query: products are pinned, boosted and hidden beside the results that shoppers see now."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.search.engine import SearchQuery
from souk.search.policy import NO_RULE, Rule, read_rules, with_rule
from souk.search.rules import RuleDraft, delete_rule, save_rule
from souk.search.terms import terms_key
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_reads import Rows
from souk.web.dashboard.pages import done, page, picture_url
from souk.web.dashboard.search_reads import SHOWN, find_products, list_rules, products_by_id, results, rule_terms
from souk.web.searching import forget_policy

ACTIONS = ("pinned", "boosted", "hidden")
LAST = 999


@dataclass(frozen=True, slots=True)
class Form:
    """What the page was sent with; `find` looks for products to choose."""

    terms: str
    rule: Rule
    find: str = ""

    @property
    def draft(self) -> RuleDraft:
        return RuleDraft(self.terms, self.rule.redirect, self.rule.pinned, self.rule.boosted, self.rule.hidden)


@blueprint.get("/shops/<slug>/search/rules")
@in_shop()
def search_rules(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        rows = list_rules(session)
    return page("search_rules.html", rows=rows)


@blueprint.route("/shops/<slug>/search/rules/edit", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def search_rule(access: ShopAccess) -> Answer:
    """Show and save the rule of `?terms=`; a query without one has an empty rule."""
    if request.method == "GET":
        terms = terms_key(request.args.get("terms", ""))
        with transaction(access.scope, read_only=True) as session:
            kept = read_rules(session).get(terms, NO_RULE)
        return _rule_page(access, Form(terms, kept))
    form = _form()
    if request.form.get("do") != "save":
        return _rule_page(access, form)
    try:
        with transaction(access.scope) as session:
            save_rule(session, form.draft)
    except SoukError as error:
        return _rule_page(access, form, error), error.status
    forget_policy(access.scope)
    return done("The rule is saved; shoppers meet it within a second.", "search_rule", access, terms=form.terms)


@blueprint.post("/shops/<slug>/search/rules/<int:search_rule_id>/delete")
@in_shop(Permission.CATALOG)
def remove_search_rule(access: ShopAccess, search_rule_id: int) -> Answer:
    with transaction(access.scope) as session:
        terms = rule_terms(session, search_rule_id)
        delete_rule(session, search_rule_id)
    forget_policy(access.scope)
    return done(f"The rule of “{terms}” is gone.", "search_rules", access)


def _form() -> Form:
    """Read the choices: each product has an action, and a place among those with the same one."""
    chosen: dict[str, list[tuple[int, int]]] = {action: [] for action in ACTIONS}
    for name, value in request.form.items():
        product = name.removeprefix("action-")
        if product != name and value in ACTIONS and product.isascii() and product.isdecimal() and len(product) < 19:  # noqa: PLR2004 - a bigint
            chosen[value].append((_place(product), int(product)))
    lists = {action: tuple(product for _, product in sorted(found)) for action, found in chosen.items()}
    redirect = request.form.get("redirect", "").strip()
    return Form(
        terms_key(request.form.get("terms", "")),
        Rule(redirect, **lists),
        request.form.get("find", "").replace("\0", "").strip(),
    )


def _place(product: str) -> int:
    given = request.form.get(f"place-{product}", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else LAST  # noqa: PLR2004 - 999 places


def _rule_page(access: ShopAccess, form: Form, error: SoukError | None = None) -> str:
    query = SearchQuery(text=form.terms, limit=SHOWN)
    live = results(access.scope, _live(access, query)) if form.terms else []
    preview = results(access.scope, with_rule(query, form.rule)) if form.terms else []
    actions = {product: action for action in ACTIONS for product in getattr(form.rule, action)}
    with transaction(access.scope, read_only=True) as session:
        chosen = products_by_id(session, list(actions))
        found = find_products(session, form.find) if form.find else []
    return page(
        "search_rule.html", picture=picture_url, form=form, live=live, preview=preview, actions=actions, error=error,
        rows=_rows([chosen[each] for each in actions if each in chosen], live, found),
    )  # fmt: skip


def _live(access: ShopAccess, query: SearchQuery) -> SearchQuery:
    with transaction(access.scope, read_only=True) as session:
        return with_rule(query, read_rules(session).get(query.text, NO_RULE))


def _rows(*lists: Rows) -> Rows:
    """Return each product once: those of the rule first, then what shoppers see, then what was looked for."""
    rows = {row.id: row for each in lists for row in each}
    return list(rows.values())
