"""The pages that a site gains: keypoints, explorer, trends, months, and the lists on them."""

from .page_descriptions import cut, digest_description, keypoint_description, part_description, site_description
from .page_links import ASSETS, Links, to_root
from .pagination import PagePart, Part, Run
from .paper_lists import keypoints_of
from .registry import GENERATED_PAGES, HOME_KEYPOINTS, HOME_PAPERS, GeneratedPage, home_page
from .site_pages import SitePages
from .templating import OF_THEMES, Stencil, Templates
