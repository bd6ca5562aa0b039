"""Hand one's work in from the workbench, and take it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from articles.annotations.answers import workbench_page
from articles.annotations.desks import Desk
from articles.annotations.errors import TooLate
from articles.annotations.panels import checks_context
from articles.annotations.services import open_layer
from articles.annotations.write_views import writes
from articles.review.queue_services import claim_next
from articles.review.submission_services import NotReady, submit_layer, take_back
from newsdesk.http import SeeOther


@writes
def layer_submit(desk: Desk) -> HttpResponse:
    """Submit, or with ``withdraw`` take it back; doubts are shown first, unless ``anyway``."""
    data = desk.request.POST
    if desk.layer is None and "withdraw" in data:
        raise TooLate("There is nothing of yours to take back here.")
    if desk.layer is None:  # an article in which there is nothing to label
        desk.layer = open_layer(actor=desk.request.user, article=desk.article)
    if "withdraw" in data:
        take_back(actor=desk.request.user, layer=desk.layer)
        messages.success(desk.request, "It is yours again.")
        return SeeOther(desk.page_url)
    checks = checks_context(desk)
    if checks["checks"] and ("anyway" not in data or checks["blocked"]):
        return workbench_page(desk, status=409, **checks)
    try:
        submit_layer(actor=desk.request.user, layer=desk.layer)
    except NotReady as error:
        return workbench_page(desk, status=409, checks=error.checks, blocked=True)
    return _after_submission(desk)


def _after_submission(desk: Desk) -> HttpResponse:
    """Go on to the next article, if there is one, with a way back to this one."""
    if desk.is_practice:
        return SeeOther(desk.url("article-outcome"))
    following = claim_next(actor=desk.request.user, project=desk.project)
    if following is None:
        messages.success(desk.request, "Submitted. You can take it back for ten minutes.")
        return SeeOther(desk.page_url)
    words = (
        'Submitted “{}”: for ten minutes you can <a href="{}">take it back</a>. Here is the next.'
    )
    messages.success(desk.request, format_html(words, desk.article.title, desk.page_url))
    return SeeOther(reverse("workbench", args=[desk.project.slug, following.article_id]))
