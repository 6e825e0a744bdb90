"""A citation as one line of plain text, for readers who paste it where no program sets it."""

from __future__ import annotations

from .citations import Citation

MOST_AUTHORS = 6
"""A paper with more is cited by the first of them and `et al.`"""
_FIRST_AUTHORS = 3
_ENDS = tuple(".?!。？！")


def reference(citation: Citation) -> str:
    """Who, when, what, where: `Ada Moss, Lin Reed (2024). On Kelp. CVPR. https://…`, what of it is known."""
    c = citation
    names = [name.whole for name in c.authors]
    if len(names) > MOST_AUTHORS:
        names = [*names[:_FIRST_AUTHORS], "et al."]
    elif names and c.others:
        names.append("et al.")
    year = f"({c.year})" if c.year else ""
    about = [f"{', '.join(names)} {year}", c.title] if names else [f"{c.title} {year}"]
    parts = (*about, c.venue, f"arXiv:{c.arxiv}" if c.arxiv else "")
    said = [part if part.endswith(_ENDS) else f"{part}." for part in map(str.strip, parts) if part]
    return " ".join([*said, c.url] if c.url else said)
