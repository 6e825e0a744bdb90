"""SVG that shows something and does nothing else: written anew from the parsed picture, by lists of what may stay.

Sources: https://www.w3.org/TR/SVG2/eltindex.html and https://www.w3.org/TR/SVG2/attindex.html, less what runs or loads something.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from ..support import read_table

_SVG, _XHTML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"
_WRONG = "wrong"

_NAMES = read_table(__package__, "svg_names.toml", dict[str, Any])
_ELEMENTS, _ANIMATED = (frozenset(_NAMES[kind].split()) for kind in ("elements", "animated"))
_ATTRIBUTES = _ANIMATED.union(_NAMES["attributes"].split())

_PICTURE = r"data:image/(?:png|jpe?g|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*+"
_FONT = r"data:(?:font/|application/(?:x-)?font-)[\w.+-]++(?:;(?!base64,)[\w=.-]++)*+;base64,[A-Za-z0-9+/=\s]*+"
_HREF = re.compile(rf"\s*(?:#.*|{_PICTURE})", re.DOTALL)
_LOCAL = re.compile(rf"url\(\s*(['\"]?)(?:#[^'\"()\s\\]*|{_PICTURE}|{_FONT})\1\s*\)", re.IGNORECASE)
_LOADS = re.compile(
    r"@import|\\|(?:url|image|image-set|src|cross-fade|expression)\(|javascript:|-moz-binding|behavior:", re.IGNORECASE
)
"""What may load something in CSS, or hide that it does, once the addresses that stay in the file are taken out."""


def harmless_svg(data: bytes) -> tuple[bytes, list[str]]:
    """Remove what may run or load something, and name it; raises ValueError, worded to follow "it is ", for other files and entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"no valid SVG: {error}") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise ValueError(f"XML, `<{etree.QName(root).localname}>`, and no picture")
    kinds = root.getroottree().docinfo.internalDTD
    if kinds is not None and next(kinds.iterentities(), None) is not None:
        raise ValueError("an SVG that declares an entity, which pages must not trust")
    left_out: set[str] = set()
    for node in root.iter():
        if isinstance(node.tag, str) and not _is_known(node):
            name = etree.QName(node)
            left_out |= {f"<{name.localname}>"} if name.namespace in (_SVG, _XHTML, None) else set()
            node.tag = _WRONG
    etree.strip_elements(root, _WRONG, etree.Entity, with_tail=False)
    for node in root.iter():
        for name, value in node.attrib.items():
            if name not in _ATTRIBUTES or not _is_harmless(name, value):
                del node.attrib[name]
                if name in _ATTRIBUTES or name.startswith("on"):
                    left_out.add(etree.QName(name).localname)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8", with_tail=False), sorted(left_out)


def _is_known(node: etree._Element) -> bool:
    name = etree.QName(node)
    if name.namespace != _SVG or name.localname not in _ELEMENTS:
        return False
    return name.localname != "style" or not _loads("".join(node.itertext()))


def _is_harmless(name: str, value: str) -> bool:
    if name.endswith("href"):
        return bool(_HREF.fullmatch(value))
    return not _loads(value) and (name != "attributeName" or value in _ANIMATED)


def _loads(css: str) -> bool:
    return bool(_LOADS.search(_LOCAL.sub("", css)))
