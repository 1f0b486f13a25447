"""The message about complaints that rose, and sending it."""

from __future__ import annotations

from collections.abc import Sequence

from ugc.alerts.rises import BASELINE_DAYS, Rise, Watch
from ugc.errors import MissingExtra, SettingsError, UgcError
from ugc.insight import Quote
from ugc.insight.choice.display import printable
from ugc.taxonomy import keys, label

__all__ = ["NotSent", "compose", "send"]

_WORDS = {
    "ru": {
        "title": "Жалоб стало больше: {since} … {until}",
        "none": "Роста жалоб нет: {since} … {until}, прочитано отзывов: {tagged}.",
        "rise": "{company}: {theme} {share} ({reviews} из {tagged}), прежде {before} ({weeks} нед.)",
        "nobody": "без компании",
    },
    "en": {
        "title": "Complaints rose: {since} … {until}",
        "none": "No complaints rose: {since} … {until}, reviews read: {tagged}.",
        "rise": "{company}: {theme} {share} ({reviews} of {tagged}), {before} in the {weeks} weeks before",
        "nobody": "no company",
    },
    "pl": {
        "title": "Przybyło skarg: {since} … {until}",
        "none": "Skarg nie przybyło: {since} … {until}, przeczytane opinie: {tagged}.",
        "rise": "{company}: {theme} {share} ({reviews} z {tagged}), przedtem {before} ({weeks} tyg.)",
        "nobody": "bez firmy",
    },
}

_DEFUSED = str.maketrans({"@": "＠", "<": "‹", ">": "›"})
"""Marks by which chat programs call people or hide links; a review must not do either."""


class NotSent(UgcError):
    """A message could not be delivered to an address."""


def _quote(one: Quote) -> str:
    """A quote with its date, source and link on two lines."""
    parts = [f"{one.date:%Y-%m-%d}" if one.date else None, one.city, one.source]
    told = " · ".join(printable(part).translate(_DEFUSED) for part in parts if part)
    return f"  «{printable(one.text).translate(_DEFUSED)}»\n  {told}{f' · {one.url}' if one.url else ''}"


def _rise(one: Rise, language: str) -> str:
    """One rise with its quotes."""
    words = _WORDS[language]
    theme = label("themes", one.theme).name(language) if one.theme in keys("themes") else one.theme
    head = words["rise"].format(
        company=printable(one.company or words["nobody"]).translate(_DEFUSED),
        theme=theme,
        share=f"{one.share:.0%}",
        reviews=one.reviews,
        tagged=one.tagged,
        before=f"{one.usual_share:.0%}",
        weeks=BASELINE_DAYS // 7,
    )
    return "\n".join([head, *(_quote(quote) for quote in one.quotes)])


def compose(watch: Watch, language: str = "ru") -> tuple[str, str]:
    """Title and body of the message in a language, as plain text."""
    words = _WORDS[language]
    span = {"since": watch.since, "until": watch.until}
    if not watch.rises:
        told = words["none"].format(tagged=watch.tagged, **span)
        return told, told
    return words["title"].format(**span), "\n\n".join(_rise(one, language) for one in watch.rises)


def _scheme(address: str) -> str:
    """What may be said of an address: its kind; the rest is often a secret."""
    return address.partition("://")[0][:20] + "://…"


def send(addresses: Sequence[str], title: str, body: str) -> None:
    """Sends a message to every Apprise address (mailto://, tgram://, slack://, json:// …).

    All addresses are tried. Raises `MissingExtra` without apprise, `SettingsError` for an address
    that is none, before anything is sent, and `NotSent` naming those that did not take it.
    """
    try:
        import apprise
    except ImportError as error:
        raise MissingExtra("apprise", "alerts") from error
    targets = []
    for address in addresses:
        target = apprise.Apprise()
        if not target.add(address):
            raise SettingsError(
                f"{_scheme(address)} is no address that messages can be sent to.",
                "Write it as Apprise does, for instance mailto://user:password@host or json://host:port.",
            )
        targets.append((address, target))
    failed = [
        _scheme(address)
        for address, target in targets
        if not target.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)
    ]
    if failed:
        raise NotSent(f"The message did not reach {', '.join(failed)}.", "Check the address and the network.")
