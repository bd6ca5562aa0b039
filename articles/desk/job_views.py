"""Jobs: what runs in the background for a project, what waits, and what failed, in words."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles.desk.job_queries import job_lines
from articles.desk.job_services import cancel_job, retry_job
from articles.desk.permissions import can_import, can_manage, role_in
from articles.desk.views import find_project
from newsdesk.errors import NewsdeskError, NotAllowed
from newsdesk.http import EditorRequest, SeeOther, render_page
from newsdesk.signing_in import signed_in


@signed_in
@require_safe
def job_list(request: EditorRequest, slug: str) -> HttpResponse:
    project = find_project(request, slug)
    role = role_in(project, request.user)
    if not can_import(role):
        raise NotAllowed("Only managers and engineers see and steer background jobs.")
    lines = job_lines(project)
    context = {
        "project": project,
        "manages": can_manage(role),
        "jobs": lines,
        "is_going_on": any(line.is_going_on for line in lines),
    }
    return render_page(request, "desk/jobs.html", context, partial="job-list")


@signed_in
@require_POST
def job_act(request: EditorRequest, slug: str, job_id: int, act: str) -> HttpResponse:
    project = find_project(request, slug)
    try:
        if act == "retry":
            retry_job(actor=request.user, project=project, number=job_id)
        else:
            cancel_job(actor=request.user, project=project, number=job_id)
    except NotAllowed:
        raise
    except NewsdeskError as error:
        messages.error(request, error.message)
    else:
        said = "It is tried again." if act == "retry" else "The job is cancelled."
        messages.success(request, said)
    return SeeOther(reverse("job-list", args=[slug]))
