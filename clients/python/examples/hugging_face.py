"""Gold as a Hugging Face dataset, a split of its own for each that the snapshot has."""

import os

from newsdesk_client import Newsdesk

newsdesk = Newsdesk(os.environ["NEWSDESK_URL"], os.environ["NEWSDESK_TOKEN"])
snapshot = next(newsdesk.project(os.environ["NEWSDESK_PROJECT"]).snapshots())
data = snapshot.dataset()

print(data.features["annotations"])
print(data.filter(lambda article: article["split"] == "train"))
