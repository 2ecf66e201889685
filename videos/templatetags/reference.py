"""What the reference of the API needs to say a description on a page."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def code_words(text: str) -> SafeString:
    """What stands between backticks is code, as in the document's Markdown; nothing else of that is used."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped first
