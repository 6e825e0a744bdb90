"""The records that all rooms speak of: papers and their parts, findings, and what identifiers and addresses of papers mean."""

from .figure_copies import FIGURES_FOLDER, address, figure_key, local_copies
from .findings import RULES, Finding, Fix, Severity, finding, summary
from .identifiers import ARXIV_CLASS, UNDIVIDED, Identifier, first_class, first_identifiers, identify, paper_identifiers
from .link_sites import LinkSite, address_kind, leads_to_a_paper, link_site
from .paper import Block, Digest, Field, Figure, Label, Link, Paper, Section, Shape, Value, is_one_paper
