"""What every page must stand: axe's rules of WCAG 2.2 AA, a phone's width, and paper.

The violations come back as text, so that a failing test says what to mend and where.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# A4 with margins of 2 cm, at 96 points an inch.
PAPER = (642, 971)
RUN_AXE = """
async ([tags, rules]) => {
  const only = rules.length ? { type: "rule", values: rules } : { type: "tag", values: tags };
  const found = await axe.run(document, {
    runOnly: only, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"],
  });
  return found.violations.map((one) => ({
    rule: one.id, parts: one.nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
  }));
}
"""
# What reaches over the right edge, unless a part of its own that scrolls holds it.
FIND_WIDE = """
() => {
  const holds = (part) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(part).overflowX);
  const isHeld = (part) => part && part !== document.body && (holds(part) || isHeld(part.parentElement));
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return [];
  const parts = [...document.body.querySelectorAll("*")].filter(
    (part) => part.getBoundingClientRect().right > innerWidth + 1 && !isHeld(part.parentElement));
  return [`the page scrolls sideways by ${wide}`, ...parts.slice(0, 5).map((part) => part.outerHTML.slice(0, 120))];
}
"""
# On paper nothing scrolls: what a scrolling frame hides, or what is wider than the sheet, is lost.
FIND_CUT = """
() => {
  const main = document.querySelector("main");
  const shown = [...main.querySelectorAll("*")].filter((part) => part.checkVisibility() && part.clientWidth > 1);
  const cuts = (part) => {
    const style = getComputedStyle(part);
    return (style.overflowX !== "visible" && part.scrollWidth > part.clientWidth + 1) ||
      (style.overflowY !== "visible" && part.scrollHeight > part.clientHeight + 1);
  };
  const isOver = (part) =>
    part.getBoundingClientRect().right > innerWidth + 1 && !part.closest(".visually-hidden, svg");
  const name = (part, why) => `${why}: ${part.outerHTML.slice(0, 120)}`;
  return [
    ...(main.innerText.trim() ? [] : ["nothing of the page is printed"]),
    ...shown.filter((part) => cuts(part) && !part.matches("input, select, textarea, svg, .visually-hidden"))
      .map((part) => name(part, "cut off")),
    ...shown.filter(isOver).slice(0, 3).map((part) => name(part, "over the edge of the sheet")),
    ...[...document.body.querySelectorAll("*")]
      .filter((part) => ["fixed", "sticky"].includes(getComputedStyle(part).position) && part.checkVisibility())
      .map((part) => name(part, "would lie over every sheet")),
  ];
}
"""
UNFOLD = """
document.querySelectorAll("main details:not(.menu, [open])").forEach((part) => {
  part.open = true;
  part.dataset.unfolded = "";
});
"""


def find_barriers(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds on the page as it stands, by all rules of WCAG 2.2 AA or by these only."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE, [WCAG, list(rules)])
    return [f"{one['rule']}: {part}" for one in found for part in one["parts"]]


def find_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return page.evaluate(FIND_WIDE)


def find_cut(page: Page) -> list[str]:
    """What of the page would be lost on paper. Leaves the page as it was."""
    before = page.viewport_size
    page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
    page.emulate_media(media="print")
    lost = page.evaluate(FIND_CUT)
    page.emulate_media(media="screen")
    if before:
        page.set_viewport_size(before)
    return lost


@contextmanager
def unfolded(page: Page) -> Iterator[None]:
    """All that is folded away within the page is open until the block ends."""
    page.evaluate(UNFOLD)
    yield
    page.evaluate("document.querySelectorAll('[data-unfolded]').forEach((part) => (part.open = false))")
