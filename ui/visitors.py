"""Who sent an event: what their browser remembers, checked."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from ui.conversations import is_owner, new_owner
from ui.i18n import LANGUAGES, choose_language

# What a browser that was never here remembers.
FRESH = {"owner": None, "conversation": None, "language": None, "admin": None, "repair": None}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent an event.

    Attributes:
        chosen: the language they picked, None while the browser's own decides.
        session: one open tab.
        admin: the token that opens the administrator's pages, if they have one; still to be checked.
        repair: whether they want unfaithful replies to be answered again, None while the settings decide.
    """

    owner: str
    conversation_id: str | None
    chosen: str | None
    language: str
    session: str
    admin: str | None = None
    repair: bool | None = None

    def browser(self, conversation_id: str | None) -> dict:
        """What their browser is to remember from now on."""
        return {
            "owner": self.owner,
            "conversation": conversation_id,
            "language": self.chosen,
            "admin": self.admin,
            "repair": self.repair,
        }


def visitor_of(browser: object, request: gr.Request) -> Visitor:
    """The sender of an event; everything in `browser` may be forged, so a wrong form counts as absent."""
    remembered = browser if isinstance(browser, dict) else {}
    owner = remembered.get("owner")
    conversation_id = remembered.get("conversation")
    chosen = remembered.get("language")
    admin, repair = remembered.get("admin"), remembered.get("repair")
    chosen = chosen if isinstance(chosen, str) and chosen in LANGUAGES else None
    return Visitor(
        owner=owner if is_owner(owner) else new_owner(),
        conversation_id=conversation_id if isinstance(conversation_id, str) else None,
        chosen=chosen,
        language=choose_language(chosen, request.headers.get("accept-language")),
        session=str(request.session_hash),
        admin=admin if isinstance(admin, str) else None,
        repair=repair if isinstance(repair, bool) else None,
    )


def in_other_language(visitor: Visitor, request: gr.Request) -> Visitor:
    """The same visitor after a press on the language button."""
    other = "en" if visitor.language == "ko" else "ko"
    return visitor_of({**visitor.browser(visitor.conversation_id), "language": other}, request)
