"""«Collect from a site»: an address or a source with its target, what it needs, and the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from scrapers import registry
from scrapers.source import Source
from ugc import settings
from ugc.dashboard.collecting import about, background
from ugc.dashboard.collecting.progress import begin, source_name
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.look.words import Words
from ugc.errors import InputError, UgcError
from ugc.ingest.collect import Job
from ugc.insight.reviews.coverage import TargetCoverage
from ugc.settings import CollectSettings, Settings, SourceSettings

__all__ = ["draw", "listed"]

_CONTACT = 'contact = "you@company.example"'
_ENTRY = '[[collect]]\nurl = "https://…"\n\n[[collect]]\nsource = "{name}"\ntarget = "{target}"'
_TROUBLE = Markup('<p class="house-fix trouble" role="alert">{}</p>')


def _file() -> str:
    """Where the settings are read from, as the user finds it."""
    return str(Path("ugc.toml").resolve())


def _job(entry: CollectSettings) -> Job:
    """An entry of the settings; `InputError` when no source knows it."""
    if entry.url is not None:
        source, target = registry.recognise(entry.url)
    else:
        source, target = registry.get(str(entry.source)), str(entry.target)
    return Job(source, target, entry.company, entry.since, entry.limit)


def listed(chosen: Settings) -> tuple[list[Job], list[UgcError]]:
    """What `[[collect]]` of ugc.toml asks for, and what is wrong with entries that cannot be read."""
    jobs, troubles = [], []
    for entry in chosen.collect:
        try:
            jobs.append(_job(entry))
        except UgcError as error:
            troubles.append(error)
    return jobs, troubles


def target_of(source: Source) -> str:
    """The target of a source's example: what follows its name in the command."""
    words = source.example.removeprefix(f"ugc collect {source.name} ")
    return words.partition(" --")[0].strip("'\"")


def draw(word: Words, lake: str, rows: Sequence[TargetCoverage]) -> None:
    """Draws the form; `rows` tell how the last run of each source went."""
    chosen = settings.load()
    if not chosen.contact:
        with st.container(border=True, key="sources_contact"):
            st.markdown(f"#### :material/contact_mail: {plain(word('sources.form.contact'))}")
            st.markdown(plain(word("sources.form.contact_what", file=_file())))
            st.code(_CONTACT, language=None)
    known = registry.sources()
    name, target = _what(word, known)
    source = known.get(name) if name else None
    if source is not None:
        show(_about(word, source, chosen, rows))
    left, middle, right = st.columns(3)
    key = f"_{word.language}"
    company = left.text_input(
        word("sources.form.company"),
        key=f"collect_company{key}",
        placeholder=word("sources.form.company_how"),
    )
    since = middle.date_input(
        word("sources.form.since"),
        value=None,
        key=f"collect_since{key}",
        format=formats(word.language).picker(),
    )
    limit = right.number_input(
        word("sources.form.limit"),
        min_value=1,
        value=None,
        step=100,
        key=f"collect_limit{key}",
        placeholder=word("sources.form.limit_how"),
    )
    asked = st.button(
        word("sources.form.start"),
        key="collect_start",
        type="primary",
        icon=":material/download:",
        disabled=not chosen.contact,
    )
    job = _asked(word, source, target.strip(), say=asked)
    if job is not None and _has_key(word, job.source, chosen) and asked:
        full = Job(
            job.source,
            job.target,
            " ".join(company.split()) or None,
            since,
            int(limit) if limit else None,
        )
        begin(background.Collecting(lake, chosen, [full]), f"{job.source.title} · {job.target}")
        st.rerun()
    _everything(word, lake, chosen)
    _others(word)


def _what(word: Words, known: Mapping[str, Source]) -> tuple[str | None, str]:
    """The source that was chosen, `None` for the one of the address; and the address or target."""
    left, right = st.columns((2, 3))
    name = left.selectbox(
        word("sources.form.source"),
        list(known),
        index=None,
        key=f"collect_source_{word.language}",
        format_func=lambda one: source_name(word, one, known[one].title),
        placeholder=word("sources.form.by_address"),
    )
    hint = target_of(known[name]) if name else word("sources.form.address_how")
    target = right.text_input(
        word("sources.form.target" if name else "sources.form.address"),
        key=f"collect_target_{word.language}",
        placeholder=hint,
    )
    return name, target


def _asked(word: Words, source: Source | None, target: str, *, say: bool) -> Job | None:
    """The job that was typed so far; says what is missing once the start is pressed."""
    if not target:
        if say:
            show(_TROUBLE.format(word("sources.form.missing")))
        return None
    if source is not None and "://" not in target:
        return Job(source, target)
    try:
        found, named = registry.recognise(target)
    except InputError:
        if source is not None:
            return Job(source, target)
        show(_TROUBLE.format(word("sources.form.unknown")))
        return None
    called = source_name(word, found.name, found.title)
    show(
        Markup('<p class="house-fix note">{}</p>').format(
            word("sources.form.recognised", source=called, target=named)
        )
    )
    return Job(found, named)


def _has_key(word: Words, source: Source, chosen: Settings) -> bool:
    """Whether the key of a source is there, or none is needed; says where to put it otherwise."""
    if not source.key or chosen.sources.get(source.name, SourceSettings()).key is not None:
        return True
    with st.container(border=True, key="sources_key"):
        called = source_name(word, source.name, source.title)
        st.markdown(f"#### :material/key: {plain(word('sources.form.key', source=called))}")
        st.markdown(plain(word("sources.form.key_what")))
        show(about.told(source, "needs", word.language))
        st.code(f"UGC_SOURCES__{source.name.upper()}__KEY", language=None)
    return False


def _about(word: Words, source: Source, chosen: Settings, rows: Sequence[TargetCoverage]) -> Markup:
    """What a source needs, takes and leaves out, an example, and how its last run went."""
    needs = Markup("{}").format(word("sources.form.nothing"))
    if source.key:
        needs = about.told(source, "needs", word.language)
    lines = [
        ("takes", about.told(source, "target", word.language)),
        ("example", Markup("<code>{}</code>").format(target_of(source))),
        ("needs", needs),
        ("limits", Markup("; ").join(_limits(word, source))),
    ]
    runs = [one.run for one in rows if one.run and one.source == source.name and one.run.kind == "collect"]
    if runs:
        last = max(runs, key=lambda run: run.at)
        moment = formats(word.language).moment(last.at)
        lines.append(("last", Markup("{}, {}").format(word(f"sources.state.{last.state}"), moment)))
    pair = Markup("<dt>{}</dt><dd>{}</dd>")
    return Markup('<dl class="house-about">{}</dl>').format(
        Markup("").join(pair.format(word(f"sources.form.{name}"), text) for name, text in lines)
    )


def _limits(word: Words, source: Source) -> list[Markup]:
    """What a source does not give, and on what it stands."""
    found = [about.told(source, "limits", word.language)]
    if days := source.window.days:
        count = formats(word.language).number(days)
        found.append(Markup("{}").format(word("sources.form.window", n=days, count=count)))
    if source.may_break:
        found.append(Markup("{}").format(word("sources.form.may_break")))
    return found


def _everything(word: Words, lake: str, chosen: Settings) -> None:
    """One button for all that ugc.toml lists; how to list something where it lists nothing."""
    jobs, troubles = listed(chosen)
    if troubles:
        show(_TROUBLE.format(word("sources.form.all_trouble")))
        st.code("\n".join(str(one) for one in troubles), language=None, wrap_lines=True)
    if jobs:
        count = formats(word.language).number(len(jobs))
        start = partial(begin, background.Collecting(lake, chosen, jobs), "ugc.toml")
        st.button(
            word("sources.form.all", n=len(jobs), count=count),
            key="collect_all",
            icon=":material/playlist_play:",
            disabled=not chosen.contact,
            on_click=start,
        )
    elif not troubles:
        example = next(iter(registry.sources().values()))
        st.caption(plain(word("sources.form.all_none", file=_file())))
        st.code(_ENTRY.format(name=example.name, target=target_of(example)), language=None)


def _others(word: Words) -> None:
    """Sites whose pages a person saves, and those that are left out, with the reasons."""
    item, language = Markup("<li><b>{}</b>: {}</li>"), word.language
    with st.expander(word("sources.form.others"), type="compact"):
        if registry.SAVED:
            st.markdown(plain(word("sources.form.saved")))
            saved = (
                item.format(source_name(word, one.name, one.title), about.saved(one.name, one.how, language))
                for one in registry.SAVED
            )
            show(Markup('<ul class="house-list">{}</ul>').format(Markup("").join(saved)))
        st.markdown(plain(word("sources.form.left_out")))
        left = (
            item.format(name, about.left_out(name, why, language)) for name, why in registry.LEFT_OUT.items()
        )
        show(Markup('<ul class="house-list">{}</ul>').format(Markup("").join(left)))
