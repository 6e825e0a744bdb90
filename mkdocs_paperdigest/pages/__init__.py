"""The pages that a site gains: keypoints, explorer, trends, months, and the lists on them."""

from .explorer_page import EXPLORER_DATA, explorer_page
from .keypoint_index import (
    INDEX_DATA,
    IndexPages,
    index_ids,
    index_pages,
    keypoint_index,
    letter_ids,
    letter_page,
    letter_title,
    letter_uri,
)
from .keypoint_page import KeypointContents, part_uri
from .marker_lists import MarkerLists
from .month_pages import MonthPages
from .page_descriptions import (
    cut,
    digest_description,
    explorer_description,
    index_description,
    keypoint_description,
    months_description,
    part_description,
    site_description,
    trends_description,
)
from .pagination import Run, YearPart
from .paper_footer import Feet
from .paper_lists import Lists
from .site_links import ASSETS, Links, to_root
from .templating import OF_THEMES, Templates
from .trends_page import trends_page

__all__ = [
    "ASSETS",
    "EXPLORER_DATA",
    "INDEX_DATA",
    "OF_THEMES",
    "Feet",
    "IndexPages",
    "KeypointContents",
    "Links",
    "Lists",
    "MarkerLists",
    "MonthPages",
    "Run",
    "Templates",
    "YearPart",
    "cut",
    "digest_description",
    "explorer_description",
    "explorer_page",
    "index_description",
    "index_ids",
    "index_pages",
    "keypoint_description",
    "keypoint_index",
    "letter_ids",
    "letter_page",
    "letter_title",
    "letter_uri",
    "months_description",
    "part_description",
    "part_uri",
    "site_description",
    "to_root",
    "trends_description",
    "trends_page",
]
