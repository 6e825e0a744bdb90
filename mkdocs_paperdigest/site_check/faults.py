"""What can be wrong with a built site: rules, and what each says to do about it."""

from __future__ import annotations

from dataclasses import dataclass

_AGAIN = "build the site again, into an empty folder"

RULES: dict[str, str] = {
    "link-file": "leads to {}, which is not in the site: mend the link, or add the file",
    "link-folder": "leads to a folder, and only some servers then show {}: put a `/` behind it",
    "link-id": "leads to `#{}` in {}, which has no such id: mend the link",
    "link-outside": "leads out of the folder of the site: write the whole address, or copy the file into the site",
    "id-repeated": "the id `{}` stands {} times in the page: give the others ids of their own",
    "redirect-chain": "leads on to {}, which leads on itself: lead to where it ends",
    "redirect-loop": "leads on to {}, which leads back: lead to a page that stays",
    "redirect-differs": "leads to {}, but the page leads on to {}: make them the same",
    "feed-unread": f"is not read by feed readers, {{}}: {_AGAIN}",
    "feed-lacks": f"{{}} lacks {{}}, which its format requires: {_AGAIN}",
    "feed-wrong": f"{{}}: {{}} is not what its format allows: {_AGAIN}",
    "feed-order": f"{{}} is newer than the one before it: {_AGAIN}",
    "feed-length": f"has {{}} entries where {{}} are due: {_AGAIN}",
    "feed-repeats": f"the id {{}} stands twice, so readers show one of the two: {_AGAIN}",
    "feed-pair": f"differs from {{}} in {{}}: {_AGAIN}",
    "feed-alone": f"has no {{}} beside it: {_AGAIN}",
    "feed-paper": f"{{}} leads to {{}}, where papers.json has no paper: {_AGAIN}",
    "feed-later": f"{{}} is a later record of a paper, and only first records are due: {_AGAIN}",
    "feed-foreign": f"{{}} does not belong to this feed: {_AGAIN}",
    "feed-date": f"{{}} says {{}}, papers.json says {{}}: {_AGAIN}",
    "feed-updated": f"says that it changed on {{}}, and its newest entry on {{}}: {_AGAIN}",
    "feed-relative": f"{{}} has the relative link `{{}}`, which leads nowhere in a reader: {_AGAIN}",
    "feed-self": f"says that it is at {{}}, which is another feed: {_AGAIN}",
    "feed-type": f"is said to be {{}}, but leads to {{}}: {_AGAIN}",
    "data-unread": f"is no JSON, {{}}: {_AGAIN}",
    "data-schema": f"{{}} {{}}: {_AGAIN}",
    "data-repeats": f"{{}} stands twice as {{}}: {_AGAIN}",
    "data-url": f"{{}} is said to be at {{}}, where the site has no such {{}}: {_AGAIN}",
    "data-same-as": f"{{}} says that it is the same as {{}}, which is {{}}: {_AGAIN}",
    "data-badge": f"{{}} has the keypoint {{}}, {{}}: {_AGAIN}",
    "data-count": f"the keypoint {{}} says {{}} where its papers say {{}}: {_AGAIN}",
    "keypoint-page": f"does not lead to {{}}, which names this keypoint: {_AGAIN}",
    "keypoint-entries": f"has {{}} entries of papers with its further pages, papers.json counts {{}}: {_AGAIN}",
    "explorer-unread": f"cannot be read by the page of papers: {_AGAIN}",
    "explorer-count": f"has {{}} papers, papers.json has {{}}: {_AGAIN}",
    "citations-unread": f"{{}}: {_AGAIN}",
    "citations-repeat": f"the key {{}} stands twice: {_AGAIN}",
    "citations-differ": f"has {{}}, which {{}} lacks: {_AGAIN}",
    "citations-wrong": f"{{}} has the {{}} `{{}}`, which papers.json does not have of this paper: {_AGAIN}",
    "citations-count": f"has {{}} papers where {{}} are due: {_AGAIN}",
}


@dataclass(frozen=True, slots=True)
class Fault:
    path: str
    rule: str
    message: str
    link: str | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.said}"

    @property
    def said(self) -> str:
        return self.message if self.link is None else f"`{self.link}` {self.message}"


def fault(rule: str, path: str, *seen: object, link: str | None = None) -> Fault:
    return Fault(path, rule, RULES[rule].format(*seen), link)
