"""The pages that a site gains: keypoints, explorer, trends, months, and the lists on them."""

from .home_page import home_page
from .marker_lists import marker_list
from .page_descriptions import cut, digest_description, keypoint_description, part_description, site_description
from .pagination import PagePart, Run, YearPart
from .registry import GENERATED_PAGES, GeneratedPage
from .site_links import ASSETS, Links, to_root
from .site_pages import SitePages
from .stencil import Stencil
from .templating import OF_THEMES, Templates
