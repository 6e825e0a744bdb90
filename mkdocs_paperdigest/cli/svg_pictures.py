"""SVG that shows something and does nothing else: written anew from the parsed picture, by lists of what may stay.

Sources: https://www.w3.org/TR/SVG2/eltindex.html and https://www.w3.org/TR/SVG2/attindex.html, less what runs or loads something.
"""

from __future__ import annotations

import re

from lxml import etree

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_XHTML = "http://www.w3.org/1999/xhtml"
_WRONG = "wrong"

_ELEMENTS = frozenset(
    """
    svg g defs symbol use switch view a title desc metadata style
    path rect circle ellipse line polyline polygon image text tspan textPath marker pattern mask clipPath
    linearGradient radialGradient stop
    filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
    feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence
    animate animateMotion animateTransform mpath set
    """.split()
)
_ANIMATED = frozenset(
    """
    x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy d points width height viewBox preserveAspectRatio transform pathLength offset rotate
    gradientTransform patternTransform startOffset textLength markerWidth markerHeight refX refY orient
    alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters color-rendering
    cursor direction display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font font-family font-size
    font-size-adjust font-stretch font-style font-variant font-weight glyph-orientation-horizontal glyph-orientation-vertical
    image-rendering isolation kerning letter-spacing lighting-color line-height marker marker-end marker-mid marker-start mask mask-type
    mix-blend-mode opacity overflow paint-order pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray
    stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration
    text-rendering transform-box transform-origin unicode-bidi vector-effect visibility white-space word-spacing writing-mode
    amplitude azimuth baseFrequency bias diffuseConstant divisor edgeMode elevation exponent in in2 intercept k1 k2 k3 k4
    kernelMatrix kernelUnitLength limitingConeAngle mode numOctaves operator order pointsAtX pointsAtY pointsAtZ preserveAlpha
    radius result scale seed slope specularConstant specularExponent stdDeviation stitchTiles surfaceScale tableValues targetX targetY
    xChannelSelector yChannelSelector z values
    """.split()
)
_ATTRIBUTES = (
    _ANIMATED
    | frozenset(
        """
    id class style lang href version baseProfile type media enable-background zoomAndPan requiredFeatures requiredExtensions systemLanguage
    clipPathUnits filterUnits gradientUnits maskContentUnits maskUnits patternContentUnits patternUnits primitiveUnits markerUnits
    spreadMethod lengthAdjust method side spacing filterRes
    accumulate additive attributeName attributeType begin by calcMode dur end fill from keyPoints keySplines keyTimes max min origin path
    repeatCount repeatDur restart to
    """.split()
    )
    | {f"{{{_XLINK}}}href", "{http://www.w3.org/XML/1998/namespace}space", "{http://www.w3.org/XML/1998/namespace}lang"}
)

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
