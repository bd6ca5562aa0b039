"""What every answer tells a browser, whoever made the answer and however early."""

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

PATHS = [
    *("/", "/account/login/", "/nowhere", "/p/quay/", "/admin/login/", "/invitation/wrong/"),
    *("/static/css/base.css", "/static/nowhere.css"),
    *("/api/v1/docs", "/api/v1/openapi.json", "/api/v1/projects", "/api/v1/nowhere"),
    *("/api/v1/projects?q=%00", "/api/v1/projects/%00", "/w3c/quay/", "/w3c/quay/x", "/w3c/%00/x"),
]


@pytest.mark.parametrize("host", ["localhost", "elsewhere.example"])
@pytest.mark.parametrize("https", [False, True])
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_browsers_rules(
    settings: Settings, path: str, https: bool, host: str
) -> None:
    settings.SECURE_SSL_REDIRECT = https

    response = Client(raise_request_exception=False).get(path, headers={"Host": host})
    response.close()  # a static file is open until then

    assert response.status_code in (200, 301, 302, 400, 401, 404, 409, 410)
    policy = response["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} < set(policy)
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    is_api = path.startswith("/api/v1/projects")
    if is_api and response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"
