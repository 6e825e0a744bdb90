"""Markdown text → papers and findings."""

from .blocks import parse_blocks, walk_blocks
from .dates import find_date
from .facts import LINK_FACTS, NESTED_TARGET, bare_url, link_kind
from .fields import split_keypoints
from .front_matter import front_matter, plain_front_matter, split_front_matter
from .headings import MARKDOWN_LINK, Heading, is_structure, month_of
from .inline import (
    INVALID_CHARACTERS,
    MATH_PATTERN,
    RAW_TEXT_TAGS,
    SAFE_SCHEMES,
    SIMPLE_INLINE,
    attributes,
    code_text,
    read_inline,
    safe_url,
    tag_name,
    without_math,
)
from .labels import DEFAULT_LABELS, FACT_LABELS, KEYPOINTS, LabelVocabulary
from .markers import MARKER_PATTERN, Marker, MarkerError, marker_findings, marker_text, matched_marker, read_months
from .mentions import Mention, mentions, remember_mentions
from .outside_links import OutsideLink, link_target, links_outside, split_url
from .papers import read_digest, read_page
from .source_places import Lines
