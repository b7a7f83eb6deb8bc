"""What the Judge page says, in English and Korean; merged into ui.i18n.TEXTS."""

from __future__ import annotations

TEXTS: dict[str, dict[str, str]] = {"en": {}, "ko": {}}
