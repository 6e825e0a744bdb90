"""Markdown text → papers and findings."""

from .blocks import parse_blocks, walk
from .dates import find_date
from .facts import LINKS
from .front_matter import front_matter, plain_front_matter, split_front_matter
from .headings import LINK, Heading, is_structure, month_of
from .inline import (
    INVALID,
    MATH,
    RAW_TEXT_TAGS,
    SAFE_SCHEMES,
    SIMPLE,
    attributes,
    code_text,
    read_inline,
    safe_url,
    tag_name,
    without_math,
)
from .keypoint_names import split_keypoints
from .label_vocabulary import DEFAULT, FACTS, KEYPOINTS, Vocabulary
from .markers import MARKER, Marker, MarkerError, marker_findings, matched_marker, read_months, said
from .mentions import Lines, Mention, mentions, remembered
from .outside_links import OutsideLink, links_outside, split_url, target
from .paper_links import NESTED_TARGET, bare_url, link_kind
from .papers import read_digest, read_page

__all__ = [
    "DEFAULT",
    "FACTS",
    "INVALID",
    "KEYPOINTS",
    "LINK",
    "LINKS",
    "MARKER",
    "MATH",
    "NESTED_TARGET",
    "RAW_TEXT_TAGS",
    "SAFE_SCHEMES",
    "SIMPLE",
    "Heading",
    "Lines",
    "Marker",
    "MarkerError",
    "Mention",
    "OutsideLink",
    "Vocabulary",
    "attributes",
    "bare_url",
    "code_text",
    "find_date",
    "front_matter",
    "is_structure",
    "link_kind",
    "links_outside",
    "marker_findings",
    "matched_marker",
    "mentions",
    "month_of",
    "parse_blocks",
    "plain_front_matter",
    "read_digest",
    "read_inline",
    "read_months",
    "read_page",
    "remembered",
    "safe_url",
    "said",
    "split_front_matter",
    "split_keypoints",
    "split_url",
    "tag_name",
    "target",
    "walk",
    "without_math",
]
