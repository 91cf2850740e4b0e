"""Facts: golden values as the definition list of a page shows them, with links where a value leads somewhere."""

from collections.abc import Callable
from typing import Any

from crm.services.dossiers import Fact
from crm.views.formatting import phone, phone_link, web_link

PHONES = ("phone", "mobile", "assistant_phone")
LINKS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(PHONES, phone_link),
    "website": web_link,
    "email": lambda address: f"mailto:{address}",
}


def draw_facts(facts: list[Fact]) -> list[dict[str, Any]]:
    """Items for the `facts` component, in their order."""
    return [
        {
            "label": fact.label,
            "value": phone(fact.value) if fact.field in PHONES else fact.value,
            "href": LINKS[fact.field](fact.value) if fact.field in LINKS else "",
            "source": fact.source,
            "others": [{"value": value, "source": source} for value, source in fact.others],
        }
        for fact in facts
    ]
