"""The home page of docs that have none."""

from __future__ import annotations

import html
import re

from ..languages import Words

_HOME = """\
---
title: {home}
---

# {name}

## {new}

<!-- paperdigest:recent limit=10 -->

## {keypoints}

<!-- paperdigest:keypoints limit=30 -->
"""


def home_page(site_name: str, words: Words) -> str:
    return _HOME.format(
        home=words("home"),
        name=re.sub(r"([\\`*_{}\[\]#])", r"\\\1", html.escape(site_name, quote=False)),
        new=words("new_papers"),
        keypoints=words("keypoint_heading"),
    )
