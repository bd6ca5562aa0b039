"""The API of agreement: one measure of a project, with its parts."""

from ninja import Query, Router

from articles.desk.permissions import SEE_ALL_LAYERS, role_in
from articles.review.agreement import Figure, undefined
from articles.review.agreement_schemas import AgreementOut, AgreementQuery
from articles.review.dashboard_queries import View
from articles.review.measuring import measured
from newsdesk.api_auth import READ, ApiRequest, find_project
from newsdesk.errors import InvalidQuery, NotAllowed
from newsdesk.openapi import problems

router = Router()

MEASURING = "It is being measured; ask again in a minute"


@router.get(
    "/projects/{slug}/agreement",
    auth=READ,
    tags=["Agreement"],
    response={200: AgreementOut, **problems(403, 404, 422)},
)
def get_agreement(request: ApiRequest, slug: str, asked: Query[AgreementQuery]) -> AgreementOut:
    """How alike the annotators of a project are, for reviewers, engineers and managers.

    What is undefined is null, and `reason` says why. Much work is measured aside: the answer is
    then the last figure, and `computed_at` says when it was taken; before the first, null.
    """
    project = find_project(request, slug)
    if role_in(project, request.user) not in SEE_ALL_LAYERS:
        raise NotAllowed("Annotators see their agreement with the others on the dashboard.")
    if asked.label and asked.label not in project.labels.values_list("key", flat=True):
        raise InvalidQuery(f"There is no label “{asked.label}” here.", field="label")
    found = measured(View(project, request.user, is_blind=False, label=asked.label))
    whole = found.numbers.of(asked.metric) if found.numbers else None
    return AgreementOut.model_validate(
        {
            **_values(whole.overall if whole else undefined(MEASURING)),
            "metric": asked.metric,
            "label": asked.label or None,
            "per_label": [
                {**_values(one.figure), "label": one.label, "attribute": one.attribute or None}
                for one in (whole.labels if whole else ())
            ],
            "per_pair": [
                {**_values(one.figure), "annotators": [one.one, one.other]}
                for one in (whole.pairs if whole else ())
            ],
            "computed_at": found.computed_at,
        }
    )


def _values(figure: Figure) -> dict[str, object]:
    return {
        "value": figure.value,
        "reason": figure.reason or None,
        "low": figure.low,
        "high": figure.high,
        "n_articles": figure.articles,
        "n_annotations": figure.n,
    }
