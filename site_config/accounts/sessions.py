"""Django's sessions in the database, under keys that prove themselves."""

from __future__ import annotations

from django.contrib.sessions.backends import db

from site_config.lib import session_keys


class SessionStore(db.SessionStore):
    """A key that this site did not make is no session, and costs no query."""

    def _get_new_session_key(self) -> str:
        while True:
            key = session_keys.new_key()
            if not self.exists(key):
                return key

    async def _aget_new_session_key(self) -> str:
        while True:
            key = session_keys.new_key()
            if not await self.aexists(key):
                return key

    def _validate_session_key(self, key: str) -> bool:
        return session_keys.is_genuine(key)
