"""What opens under «Correct»: every tag of a review with its choices, and a place to add one.

Every change is saved at once, see `saving`. What a widget shows is set from the lake before each
drawing, so that a change which could not be saved does not stay on the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from markupsafe import Markup

from ugc import taxonomy
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.reviews import saving
from ugc.dashboard.reviews.adding import adding
from ugc.dashboard.reviews.highlight import tone
from ugc.dashboard.reviews.pick import pick
from ugc.dashboard.reviews.saving import Step
from ugc.dashboard.reviews.tags import by_person
from ugc.insight import ReviewView
from ugc.insight.reviews.corrections import Correction, Corrections, Unseen
from ugc.review import Mention

__all__ = ["Desk", "tell"]

_NAME = 60
"""Letters that the name of who corrects may have."""

_HEAD = Markup('<p class="house-fix head">{}</p>')
_QUOTE = Markup('<p class="house-fix quote {}" dir="auto">{}</p>')
_UNSEEN = Markup('<p class="house-fix by"><b>{}</b>, {}</p>')
_BY = Markup('<p class="house-fix by">{}</p>')
_NOTE = Markup('<p class="house-fix note">{}</p>')
_TROUBLE = Markup('<p class="house-fix trouble" role="alert">{} {}</p>')


def tell(context: Context, one: ReviewView) -> None:
    """Says once what came of the last change, when it was to this review."""
    told = saving.told(one.id)
    if isinstance(told, saving.Trouble):
        show(_TROUBLE.format(context.word(told.word), told.detail))
    elif told:
        st.toast(plain(told), icon=":material/check:")


@dataclass(frozen=True)
class Desk:
    """The open control of one review, with the corrections behind its tags."""

    context: Context
    one: ReviewView
    made: Corrections

    def draw(self) -> None:
        """Draws everything that can be corrected, below what came of the last change."""
        with st.container(key=f"desk_{self.one.id}", gap="small"):
            tell(self.context, self.one)
            with st.container(key=self._key("whole"), horizontal=True, gap="medium"):
                self._whole("sentiment", "sentiments")
                self._whole("contact", "contact")
            for place, mention in enumerate(self.one.mentions):
                with st.container(key=self._key("mention", place), gap="xxsmall"):
                    self._mention(mention, self.made.mentions[place], place)
            for place, unseen in enumerate(self.made.unseen):
                with st.container(key=self._key("unseen", place), gap="xxsmall"):
                    self._unseen(unseen, place)
            with st.container(key=self._key("add"), gap="xxsmall"):
                show(_HEAD.format(self.context.word("correct.added")))
                adding(self.context.word, self.one, self._key("new"), self._added)
            self._foot()

    def _key(self, *parts: object) -> str:
        """Key of a widget; another language has others, for a browser sends the label that it shows."""
        return "_".join(("fix", self.one.id, self.context.language, *map(str, parts)))

    def _save(self, steps: Iterable[Step], said: str) -> None:
        saving.save(self.context, self.one, steps, said)

    def _added(self, new: Step, theme: str, polarity: str) -> bool:
        return saving.save(self.context, self.one, [new], self._saved(theme, polarity))

    def _saved(self, name: str, value: str) -> str:
        return saving.saved(self.context.word, name, value)

    def _choice(
        self,
        field: str,
        kind: str,
        label: str,
        mention: Mention | None = None,
        chain: Sequence[Correction] = (),
        *,
        of: str = "",
        place: str = "",
        without: Collection[str] = (),
    ) -> None:
        """A choice that shows the value in force of the review, or of a mention, and saves another.

        `of` is what the change is told of, `place` tells mentions apart, `without` is left out.
        """
        word, key = self.context.word, self._key(place, field)
        value = getattr(mention or self.one.tags, field)
        options = [one for one in taxonomy.keys(kind) if one not in without]
        if value is not None and value not in options:
            options.append(value)

        def changed() -> None:
            chosen = st.session_state[key]
            if chosen in (None, value):
                return
            steps = saving.set_to(mention, chain, field, chosen) if mention else [Step(field, chosen)]
            self._save(steps, self._saved(of or label, word.name(kind, chosen)))

        st.session_state[key] = value
        pick(
            word,
            key,
            kind,
            label,
            options,
            bare=mention is not None,
            given=value is not None,
            on_change=changed,
        )

    def _back(self, key: str, chain: Sequence[Correction], what: str) -> None:
        """A button that takes corrections back, and who made the last of them; nothing without any."""
        if not chain:
            return
        word = self.context.word
        st.button(
            word("correct.back"),
            key=self._key("back", key),
            icon=":material/undo:",
            type="tertiary",
            help=word("correct.back_what"),
            on_click=partial(self._save, saving.back(chain), word("correct.taken", what=what)),
        )
        show(_BY.format(by_person(chain[-1], self.context.language)))

    def _whole(self, field: str, kind: str) -> None:
        """A tag of the whole review."""
        label, made = self.context.word(f"reviews.{field}"), self.made.whole.get(field)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width="content"):
            self._choice(field, kind, label)
            with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
                self._back(field, (made,) if made else (), label)

    def _mention(self, mention: Mention, chain: Sequence[Correction], number: int) -> None:
        """One mention: its words, theme, polarity, touchpoint, and that it is not there."""
        word, name = self.context.word, self.context.word.name("themes", mention.theme)
        show(_QUOTE.format(tone({mention.polarity}), mention.quote))
        others = saving.beside(self.one, mention)
        # A widget belongs to this very mention: when another one goes, the numbers move.
        place = f"{number}_{mention.start}_{mention.end}_{mention.theme}"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for field, kind, label, of, without in (
                ("theme", "themes", word("reviews.theme"), "", others),
                ("polarity", "polarities", word("reviews.polarity"), name, ()),
                ("touchpoint", "touchpoints", word("filter.touchpoint"), name, ()),
            ):
                self._choice(field, kind, label, mention, chain, of=of, place=place, without=without)
            st.button(
                word("correct.remove"),
                key=self._key(place, "remove"),
                icon=":material/close:",
                type="tertiary",
                help=word("correct.remove_what"),
                on_click=partial(
                    self._save, saving.removal(mention, chain), self._saved(name, word("correct.removed"))
                ),
            )
            self._back(place, chain, name)

    def _unseen(self, unseen: Unseen, number: int) -> None:
        """A mention that a person removed, or one that the model does not find any more."""
        word, name, gone = (
            self.context.word,
            self.context.word.name("themes", unseen.at.theme),
            unseen.removal,
        )
        show(_QUOTE.format("unseen", self.one.text[unseen.at.start : unseen.at.end]))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show(_UNSEEN.format(name, word("correct.removed") if gone else word("correct.resting")))
            self._back(f"unseen_{number}", (gone,) if gone else unseen.chain, name)

    def _foot(self) -> None:
        """Who corrects, and what becomes of it."""
        word, key = self.context.word, self._key("author")
        st.session_state[key] = saving.author() or ""
        st.text_input(
            word("correct.author"),
            key=key,
            max_chars=_NAME,
            width=300,
            on_change=lambda: saving.name_author(st.session_state[key]),
        )
        show(_NOTE.format(word("correct.how")))
