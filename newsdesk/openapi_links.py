"""Links in the OpenAPI document: which calls an answer is good for. Source: OpenAPI 3.1, 4.8.20."""

from typing import Any


def add_links(document: dict[str, Any]) -> None:
    """Give each answer to a creation a link to every call about what was created.

    What ``POST …/articles`` makes is what ``{article_id}`` names elsewhere; a project is named by
    its slug.
    """
    paths = document["paths"]
    for path, methods in paths.items():
        if "post" not in methods:
            continue
        things = path.rpartition("/")[2]
        parameter, member = f"{things.removesuffix('s')}_id", "id"
        if things == "projects":
            parameter, member = "slug", "slug"
        links = {
            call["operationId"]: {
                "operationId": call["operationId"],
                "parameters": {parameter: f"$response.body#/{member}"},
            }
            for about, calls in paths.items()
            if f"{{{parameter}}}" in about
            for call in calls.values()
        }
        for code, answer in methods["post"]["responses"].items():
            if links and code in ("200", "201", "202"):
                answer["links"] = links
