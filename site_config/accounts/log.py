"""What the audit log says of accounts: who signed in, and who gave whom which role."""

from __future__ import annotations

from site_config.accounts.models import User
from site_config.audit.log import record


def signed_in(user: User, **signal: object) -> None:
    """Django tells it at each signing in."""
    record("signed in", user, by=user)


def standing(user: User) -> dict[str, object]:
    """What a person may do, as far as it can be given and taken. Two queries."""
    return {
        "roles": sorted(user.groups.values_list("name", flat=True)),
        "permissions": sorted(user.user_permissions.values_list("codename", flat=True)),
        "superuser": user.is_superuser,
        "staff": user.is_staff,
        "active": user.is_active,
    }


def role_changed(user: User, *, by: User, before: dict[str, object], after: dict[str, object]) -> None:
    """Notes what is different now, if anything is."""
    changed = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
    if changed:
        record("role changed", user, by=by, **changed)
