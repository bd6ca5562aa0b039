"""What axe finds on a page, in each of its looks.

A look costs much less than a page that is opened anew: no script of ours asks how wide the window
is or which colours it has, so a page that changes its look is the page that was opened in it.
"""

from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, ViewportSize

type Rules = dict[str, Any]

AXE = AXE_FILE_PATH.read_text("utf-8")
WCAG: Rules = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}
COLOURS: Rules = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 320, "height": 640}
#: What a page is made to look like, and what may be wrong with it then: only colours change
#: from light to dark, and where the system chooses them.
LOOKS: list[tuple[ViewportSize, dict[str, Any], Rules]] = [
    (WIDE, {"color_scheme": "light"}, WCAG),
    (WIDE, {"color_scheme": "dark"}, COLOURS),
    (WIDE, {"color_scheme": "light", "forced_colors": "active"}, COLOURS),
    (NARROW, {"color_scheme": "light"}, WCAG),
    (NARROW, {"color_scheme": "dark"}, COLOURS),
]

#: Selectors are for people who look for the element in the page; its HTML says as much here.
FIND = """async (options) => {
  const { violations } = await axe.run(
    { ...options, resultTypes: ["violations"], selectors: false }
  )
  return violations.map(({ id, help, nodes }) => `${id} (${help}): ` +
    nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(" | "))
}"""


def found(page: Page, rules: Rules = WCAG) -> list[str]:
    """What axe has against the page as it stands there, in words."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    said: list[str] = page.evaluate(FIND, rules)
    return said


def check_accessibility(page: Page, rules: Rules = WCAG) -> None:
    """Fail with what axe finds, by default against WCAG 2.2 AA."""
    said = found(page, rules)
    assert not said, "\n".join(said)


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def check_in_every_look(page: Page) -> None:
    """Fail if axe finds anything, or it scrolls sideways; the page is wide and light afterwards."""
    for size, media, rules in LOOKS:
        page.set_viewport_size(size)
        # Without motion, colours change at once.
        page.emulate_media(**{"forced_colors": "none", **media}, reduced_motion="reduce")
        check_accessibility(page, rules)
        assert not scrolls_sideways(page)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
