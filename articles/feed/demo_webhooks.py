"""The demo's webhook: switched off, to an address that nobody can ever have."""

from articles.desk.models import Project, User
from articles.feed.delivery_services import give_up_test
from articles.feed.webhook_services import add_webhook, ask_for_test, change_webhook

#: ``.example`` belongs to nobody (RFC 2606): no name below it leads anywhere.
ADDRESS = "https://data.harbour.example/newsdesk"


def load_webhooks(project: Project, manager: User) -> None:
    """Add a webhook that is off, and a test in its log that was never sent."""
    webhook, _ = add_webhook(
        actor=manager, project=project, url=ADDRESS, kinds=["article", "annotation"]
    )
    webhook = change_webhook(actor=manager, webhook=webhook, version=webhook.version, enabled=False)
    test = ask_for_test(actor=manager, webhook=webhook)
    test.refresh_from_db()
    give_up_test(delivery_id=test.pk, why="It was not sent: the demo sends nothing.")
