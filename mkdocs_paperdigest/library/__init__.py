"""Papers → the library of a site: keypoints, months, categories, same papers, relations, trends."""

from .categories import CATEGORIES, Category, categories
from .index import Keypoint, Library, build_library, by_month, newest_first, repeated_papers
from .index_outline import Branch, Hierarchy, hierarchy, index_outline
from .month_lists import Month, adjacent_months, archive, month_id
from .relations import Related, RelatedKeypoint, related_keypoints, related_papers
from .selection import check, named_in, selected, selected_keypoints, selected_records
from .trends import TOP, Line, MonthCount, Share, Trends, Year, last_months, monthly_counts, trends

__all__ = [
    "CATEGORIES",
    "TOP",
    "Branch",
    "Category",
    "Hierarchy",
    "Keypoint",
    "Library",
    "Line",
    "Month",
    "MonthCount",
    "Related",
    "RelatedKeypoint",
    "Share",
    "Trends",
    "Year",
    "adjacent_months",
    "archive",
    "build_library",
    "by_month",
    "categories",
    "check",
    "hierarchy",
    "index_outline",
    "last_months",
    "month_id",
    "monthly_counts",
    "named_in",
    "newest_first",
    "related_keypoints",
    "related_papers",
    "repeated_papers",
    "selected",
    "selected_keypoints",
    "selected_records",
    "trends",
]
