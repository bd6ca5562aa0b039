"""The gates of an article, for the managers of its project."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from articles.desk.forms import VersionedForm, tell
from articles.desk.permissions import can_manage, role_in
from articles.intake import gate_services
from articles.intake.forms import EmbargoForm, HoldForm
from articles.intake.models import Article
from newsdesk.errors import Invalid, NewsdeskError, NotAllowed
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.signing_in import signed_in


@dataclass(frozen=True, slots=True)
class Act:
    """What can be done to a gate, what has to be filled in for it, and what is said of it then."""

    service: Callable[..., Article]
    said: str
    form: type[VersionedForm] = VersionedForm


#: By the name of the button.
ACTS = {
    "embargo": Act(gate_services.embargo, "is under embargo", EmbargoForm),
    "lift-embargo": Act(gate_services.lift_embargo, "is under no embargo any more"),
    "hold": Act(gate_services.hold, "is on hold", HoldForm),
    "lift-hold": Act(gate_services.lift_hold, "goes on from where it stood"),
    "mark-sensitive": Act(gate_services.mark_sensitive, "is for those who are cleared only"),
    "unmark-sensitive": Act(gate_services.unmark_sensitive, "is sensitive no longer"),
    "keep-from-training": Act(gate_services.keep_from_training, "stays out of exports"),
    "free-for-training": Act(gate_services.free_for_training, "goes out in exports again"),
    "withdraw": Act(gate_services.withdraw, "is withdrawn"),
    "bring-back": Act(gate_services.bring_back, "is back"),
}


@signed_in
@require_safe_or_post
def article_gates(request: EditorRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Every gate with what it does; a POST sets or lifts the one that ``act`` says."""
    visible = Article.objects.visible_to(request.user).select_related("project")
    article = get_object_or_404(visible, project__slug=slug, pk=article_id)
    if not can_manage(role_in(article.project, request.user)):
        raise NotAllowed("Only a manager of the project sets the gates of its articles.")
    name, status = request.POST.get("act", ""), 200
    forms: dict[str, VersionedForm] = {"embargo": EmbargoForm(), "hold": HoldForm()}
    if request.method == "POST":
        if name not in ACTS:
            raise Invalid("Say which gate, and whether to set or to lift it.")
        act = ACTS[name]
        form = forms[name] = act.form(request.POST)
        status = 422
        if form.is_valid():
            try:
                act.service(actor=request.user, article=article, **form.cleaned_data)
            except NewsdeskError as error:
                tell(form, error)
                status = error.status
            else:
                messages.success(request, f"“{article}” {act.said}.")
                return SeeOther(reverse("article-gates", args=[slug, article_id]))
    context = {
        "project": article.project,
        "article": article,
        "standing": {gate.key.replace("-", "_"): gate.words for gate in article.gates},
        "embargo": forms["embargo"],
        "hold": forms["hold"],
        "form": forms.get(name),
    }
    return render_page(request, "intake/gates.html", context, status=status)
