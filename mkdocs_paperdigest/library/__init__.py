"""Papers → the library of a site: keypoints, months, categories, same papers, relations, trends."""

from .archive import CATEGORIES, Category, Month, adjacent_months, archive, categories, month_id
from .index import Keypoint, Library, build_library, by_month, newest_first, repeated_papers
from .index_outline import Branch, Hierarchy, hierarchy, index_outline
from .relations import Related, RelatedKeypoint, related_keypoints, related_papers
from .selection import check, named_in, selected, selected_keypoints, selected_records
from .trends import TOP, Line, MonthCount, Share, Trends, Year, last_months, monthly_counts, trends
