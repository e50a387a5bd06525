"""Forms of motions and ballots; nothing is preselected in any of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.forms.talking import LONGEST
from reviews.models import BallotSeat, Seat
from reviews.selectors.words import MOTION_KINDS, POSITIONS

DAY = forms.DateInput(attrs={"type": "date"})


class MotionForm(forms.Form):
    """A motion: what the board is asked, with the reasons."""

    kind = forms.ChoiceField(label=_("What the board is asked"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Motion and reasons"),
        help_text=_("It is frozen when the ballot opens, and goes into the letter. Markdown."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"class": "doc"}),
    )
    block = forms.TypedChoiceField(
        label=_("Blocking position to override"), coerce=int, empty_value=None, required=False
    )

    condition = forms.TypedChoiceField(
        label=_("Condition to waive"), coerce=int, empty_value=None, required=False
    )
    ends_older = forms.BooleanField(
        label=_("An approval ends the older approval at once"),
        help_text=_("Otherwise the older one stays valid for its own digest until its date."),
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        blocks: Sequence[tuple[int, str]],
        may_reject: bool,
        kinds: Collection[str] = (),
        conditions: Sequence[tuple[int, str]] = (),
        replaces: bool = False,
    ) -> None:
        super().__init__(data)
        left_out = {"override"} if not blocks else set()
        left_out |= set() if may_reject else {"reject"}
        left_out |= set(MOTION_KINDS) - set(kinds) if kinds else set()
        condition = self.fields["condition"]
        assert isinstance(condition, forms.ChoiceField)
        condition.choices = [("", "—"), *conditions]
        if not conditions:
            del self.fields["condition"]
        if not replaces:
            del self.fields["ends_older"]
        kind, block = self.fields["kind"], self.fields["block"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(block, forms.ChoiceField)
        kind.choices = [(code, word) for code, word in MOTION_KINDS.items() if code not in left_out]
        block.choices = [("", "—"), *blocks]
        if not blocks:
            del self.fields["block"]


class ConditionForm(forms.Form):
    """A condition of an approval: one that nothing was written into is left out, any other has to be whole."""

    text = forms.CharField(
        label=_("Condition"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A line “Environment: staging” or “Until: 2027-03-31” is checked by the release gate."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())
    verifier = forms.ModelChoiceField(label=_("Verifier"), queryset=User.objects.none())
    due = forms.DateField(label=_("Due"), widget=DAY)
    blocks_release = forms.BooleanField(label=_("Blocks the release until it is met"), required=False)


class _ConditionFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # not subscriptable at run time
    """The conditions of a motion; who may own and verify them is read once for all."""

    def add_fields(self, form: ConditionForm, index: int | None) -> None:
        """Offer the people."""
        super().add_fields(form, index)
        for name in ("owner", "verifier"):
            field = form.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = User.objects.filter(is_active=True)
            field.choices = [("", "—"), *self.people]

    @cached_property
    def people(self) -> list[tuple[int, str]]:
        """Return the active people by name."""
        return list(
            User.objects.filter(is_active=True)
            .order_by("display_name", "pk")
            .values_list("pk", "display_name")
        )


ConditionFormSet = forms.formset_factory(ConditionForm, formset=_ConditionFormSet, extra=3, max_num=20)


class OpenBallotForm(forms.Form):
    """Who is there when a ballot opens, and for whom alternates sit; who delegated their seat isn't asked about."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        seats: Sequence[Seat],
        replaceable: Sequence[Seat],
        proposals: Mapping[int, str],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.seats = list(seats)
        members = [(str(seat.person_id), seat.person.display_name) for seat in replaceable]
        for seat in self.seats:
            name = seat.person.display_name
            if seat.role == "alternate":
                self.fields[f"sits_{seat.person_id}"] = forms.ChoiceField(
                    label=gettext("{person}, alternate, sits for").format(person=name),
                    choices=[("", _("nobody")), *members],
                    required=False,
                    help_text=gettext("Proposed: {person} {proposal}.").format(
                        person=name, proposal=proposals[seat.person_id]
                    )
                    if seat.person_id in proposals
                    else "",
                )
            else:
                self.fields[f"here_{seat.person_id}"] = forms.BooleanField(label=name, required=False)

    @property
    def absent(self) -> list[int]:
        """Return who is not there."""
        members = [seat.person_id for seat in self.seats if seat.role != "alternate"]
        return [person for person in members if not self.cleaned_data.get(f"here_{person}")]

    @property
    def sitting(self) -> dict[int, int]:
        """Return for each alternate who votes, whom they replace."""
        alternates = [seat.person_id for seat in self.seats if seat.role == "alternate"]
        chosen = {person: self.cleaned_data.get(f"sits_{person}") for person in alternates}
        return {person: int(replaced) for person, replaced in chosen.items() if replaced}


class VoteForm(forms.Form):
    """A vote with its reason, and on top of it a blocking position."""

    position = forms.ChoiceField(
        label=_("Your vote"),
        choices=[(code, badge.label) for code, badge in POSITIONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for, against or abstain.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Goes into the minutes and the letter under your name. At least one sentence."),
        max_length=LONGEST,
        widget=forms.Textarea,
    )
    block = forms.BooleanField(label=_("I also take a blocking position"), required=False)
    block_text = forms.CharField(
        label=_("Text of the blocking position"), max_length=LONGEST, widget=forms.Textarea, required=False
    )
    revision_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A blocking position needs its own text."""
        data: dict[str, Any] = self.cleaned_data
        if data.get("block") and not (data.get("block_text") or "").strip():
            self.add_error("block_text", gettext("Write what you block and what would settle it."))
        if not data.get("block"):
            data["block_text"] = ""
        return data


class EnterVoteForm(forms.Form):
    """A vote entered for a member who gave it in another way."""

    person = forms.TypedChoiceField(label=_("For whom"), coerce=int)
    position = forms.ChoiceField(
        label=_("Vote"),
        choices=[(code, badge.label) for code, badge in POSITIONS.items()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, in the member's words"), max_length=LONGEST, widget=forms.Textarea
    )

    def __init__(self, data: QueryDict | None = None, *, seats: Sequence[BallotSeat]) -> None:
        super().__init__(data, auto_id="enter_%s")
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((seat.person_id, seat.name) for seat in seats if seat.is_eligible)]


class AttendanceForm(forms.Form):
    """That somebody arrived or left while a ballot is open."""

    person = forms.TypedChoiceField(label=_("Who"), coerce=int)
    present = forms.TypedChoiceField(
        label=pgettext_lazy("attendance", "What happened"),
        choices=[("yes", _("arrived")), ("no", _("left"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    sits_for = forms.TypedChoiceField(
        label=_("Sits for (alternates only)"), coerce=int, empty_value=None, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, data: QueryDict | None = None, *, seats: Sequence[BallotSeat]) -> None:
        super().__init__(data, auto_id="attend_%s")
        person, sits_for = self.fields["person"], self.fields["sits_for"]
        assert isinstance(person, forms.ChoiceField)
        assert isinstance(sits_for, forms.ChoiceField)
        person.choices = [("", "—"), *((seat.person_id, seat.name) for seat in seats if not seat.recused)]
        members = [(seat.person_id, seat.name) for seat in seats if seat.role != "alternate"]
        sits_for.choices = [("", "—"), *members]
