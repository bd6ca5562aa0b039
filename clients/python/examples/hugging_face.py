"""The newest snapshot as a Hugging Face dataset, and those of its articles to train on."""

import os

from newsdesk_client import Newsdesk

newsdesk = Newsdesk(os.environ["NEWSDESK_URL"], os.environ["NEWSDESK_TOKEN"])
snapshot = next(newsdesk.project(os.environ["NEWSDESK_PROJECT"]).snapshots())
data = snapshot.dataset()

print(data.features["annotations"])
print(data.filter(lambda article: article["split"] == "train"))
