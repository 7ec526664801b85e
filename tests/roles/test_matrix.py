"""Every address of the desk and every bulk action, asked for by each role and by nobody in particular.

What is allowed has its effect; what is refused changes no row. An address or an action without a rule fails.
"""

from __future__ import annotations

from contextlib import contextmanager
from http.cookies import SimpleCookie

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from tests.roles import world as worlds
from tests.roles.rules import ACTS, RULES, Rule

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", *worlds.ROLES)
LEADS_ON = "<path:object_id>/"


def routes() -> dict[str, URLPattern]:
    """All of the desk by their route, but those without a name, which lead to another."""

    def walk(patterns, before: str = ""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, before + str(pattern.pattern))
            elif pattern.name:
                yield before + str(pattern.pattern), pattern

    return dict(walk(admin.site.get_urls()))


def test_each_address_has_a_rule():
    assert set(routes()) == {rule.route for rule in RULES}


def test_each_action_has_a_rule(rf, editor):
    request = rf.get("/")
    request.user = editor
    known = {
        (model._meta.label_lower, name) for model, one in admin.site._registry.items() for name in one.get_actions(request)
    }
    assert known == {(act.model, act.name) for act in ACTS}


@contextmanager
def undone():
    """What happens inside did not happen afterwards."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def address(rule: Rule, world) -> str:
    arguments = rule.arguments(world)
    if rule.route.startswith("^"):
        return reverse("admin:app_list", kwargs=arguments)
    path = rule.route
    for name, value in arguments.items():
        for converter in ("int:", "path:", ""):
            path = path.replace(f"<{converter}{name}>", str(value))
    return f"/admin/{path}"


def is_let_through(answer) -> bool:
    """Whether the desk did or showed what was asked: refusals are 4xx, or lead to the sign-in or to the first page."""
    if answer.status_code in {302, 303}:
        return (
            not answer.headers["Location"].startswith(("/admin/login/", "/accounts/login/"))
            and answer.headers["Location"] != "/admin/"
        )
    return answer.status_code in {200, 201}


def by_model() -> dict[str, list[Rule]]:
    """A world is slow to build: one serves all rules of a model."""
    groups: dict[str, list[Rule]] = {}
    for rule in RULES:
        groups.setdefault("/".join(rule.route.split("/")[:2]) if "/<" in rule.route else "no row", []).append(rule)
    return groups


@pytest.mark.parametrize("model", by_model())
def test_who_may(model):
    world, wrong = worlds.build(), []
    for rule in by_model()[model]:
        for role in ROLES:
            for method, allowed in (("get", rule.get), ("post", rule.post)):
                with undone():
                    wrong += ask(rule, world, role, method, is_allowed=role in allowed)
    assert not wrong, "\n".join(wrong)


def another(client: Client) -> Client:
    """A client with the same session: signing out ends only that one."""
    same = Client()
    same.cookies = SimpleCookie({name: morsel.value for name, morsel in client.cookies.items()})
    return same


def ask(rule: Rule, world, role: str, method: str, *, is_allowed: bool) -> list[str]:
    """What is wrong about the answer, if anything."""
    client, path = another(world.clients[role]), address(rule, world)
    data = rule.data(world) if method == "post" else {}
    before = worlds.everything()
    answer = getattr(client, method)(path, data)
    changed = sorted(name for name, now in worlds.everything().items() if now != before[name])
    case = f"{role}: {method} {path} → {answer.status_code} {answer.headers.get('Location', '')}, changed {changed}"
    shown_as_for_get = method == "post" and role in rule.get  # a page that only shows does so, whatever the method
    if is_let_through(answer) != is_allowed and not shown_as_for_get:
        return [f"{case}: {'refused' if is_allowed else 'let through'}"]
    should_change = is_allowed and method == "post" and rule.changes
    return [] if bool(changed) == should_change else [f"{case}: {'nothing' if should_change else 'something'} was changed"]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.model} {act.name}")
def test_who_may_do_it_to_several(act):
    world = worlds.build()
    path = f"/admin/{act.model.replace('.', '/')}/"
    for role in ROLES:
        with undone():
            rows = act.rows(world)
            data = {"action": act.name, ACTION_CHECKBOX_NAME: [row.pk for row in rows], **act.data}
            before = worlds.everything()
            answer = world.clients[role].post(path, data)
            changed = sorted(name for name, now in worlds.everything().items() if now != before[name])
            case = f"{role}: {answer.status_code}, changed {changed}"
            is_led = bool(act.leads_to) and answer.headers.get("Location", "").startswith(act.leads_to)
            assert bool(changed) == (role in act.by and not act.leads_to), f"{case}: {answer.content.decode()[:2000]}"
            assert is_led == (role in act.by and bool(act.leads_to)), case
