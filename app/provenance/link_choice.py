"""Which of several links of one type a request means: by media type, then by language. Pure.

What cannot be told apart is given back whole: the reader chooses (300 Multiple Choices).
"""

from collections.abc import Sequence

from app.kit.i18n import negotiate
from app.provenance.links import Link


def best_links(links: Sequence[Link], accept: str, accept_language: str) -> list[Link]:
    """The links that suit a request best, in their order; more than one where nothing decides."""
    suited = _of_language(_of_media(links, accept), accept_language)
    first = suited[:1]
    return [
        link
        for link in suited
        if (link.media, link.languages) == (first[0].media, first[0].languages)
    ]


def wants(accept: str, media: str) -> bool:
    """Whether a media type is named in Accept, and nothing that is named is preferred to it."""
    named = dict(_ranges(accept))
    wanted = named.get(media, 0.0)
    return wanted > 0 and wanted >= max(named.values())


def reads_pages(accept: str) -> bool:
    """Whether somebody looks at it: a browser names text/html, a machine does not."""
    return dict(_ranges(accept)).get("text/html", 0.0) > 0


def _of_media(links: Sequence[Link], accept: str) -> list[Link]:
    ranges = dict(_ranges(accept)) or {"*/*": 1.0}
    weights = [_quality(link.media, ranges) for link in links]
    best = max(weights, default=0.0)
    if best <= 0:
        return list(links)
    fitting = [link for link, weight in zip(links, weights, strict=True) if weight == best]
    # Equally welcome: the type that stands first is the one meant for most.
    return [link for link in fitting if link.media == fitting[0].media]


def _of_language(links: Sequence[Link], accept_language: str) -> list[Link]:
    tag = negotiate(accept_language)
    spoken = [link for link in links if tag in link.languages]
    return spoken or [link for link in links if not link.languages] or list(links)


def _quality(media: str, ranges: dict[str, float]) -> float:
    if not media:
        return 1.0
    whole = media.partition("/")[0] + "/*"
    return next((ranges[one] for one in (media, whole, "*/*") if one in ranges), 0.0)


def _ranges(accept: str) -> list[tuple[str, float]]:
    """Media ranges with their quality (RFC 9110 §12.5.1); what is no range counts for nothing."""
    found = []
    for part in accept[:1_000].lower().split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        if "/" in media:
            found.append((media, _number(quality)))
    return found


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0
