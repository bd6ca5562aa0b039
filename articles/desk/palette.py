"""Whether a label's colours can be read, and told apart, by everybody.

Contrast is that of WCAG 2.2 (1.4.3); distance is CIEDE2000 (Sharma, Wu, Dalal 2005); colour
vision deficiency is simulated after Machado, Oliveira and Fernandes (2009), severity 1.0.
"""

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

#: The surfaces that label text stands on: page and panel, light and dark.
LIGHT_SURFACES = ("#ffffff", "#f6f4ef")
DARK_SURFACES = ("#15181c", "#1e2228")
#: The least contrast of label text, and the least distance between two labels.
READABLE = 4.5
DISTINCT = 15.0

type Linear = tuple[float, float, float]

_VISION: dict[str, tuple[Linear, Linear, Linear]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two ``#rrggbb`` colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(color: str, *, dark: bool) -> float:
    """The contrast of ``color`` on the worst of the surfaces that it is used on."""
    surfaces = DARK_SURFACES if dark else LIGHT_SURFACES
    return min(contrast(color, surface) for surface in surfaces)


def distance(one: str, other: str, vision: str = "normal") -> float:
    """CIEDE2000 between two colours as seen with ``vision`` (normal, protan, deutan, tritan)."""
    return ciede2000(_lab(_seen(one, vision)), _lab(_seen(other, vision)))


def ciede2000(one: Linear, other: Linear) -> float:
    """The distance of two colours in CIE L*a*b*. Source: Sharma, Wu, Dalal (2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_chroma7 = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - sqrt(mean_chroma7 / (mean_chroma7 + 25**7)))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue_step = 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2
    if c1 * c2 == 0:
        mean_h = h1 + h2
    weight = (
        1
        - 0.17 * cos(radians(mean_h - 30))
        + 0.24 * cos(radians(2 * mean_h))
        + 0.32 * cos(radians(3 * mean_h + 6))
        - 0.20 * cos(radians(4 * mean_h - 63))
    )
    scale_l = 1 + 0.015 * (mean_l - 50) ** 2 / sqrt(20 + (mean_l - 50) ** 2)
    scale_c = 1 + 0.045 * mean_c
    scale_h = 1 + 0.015 * mean_c * weight
    rotation = (
        -2
        * sqrt(mean_c**7 / (mean_c**7 + 25**7))
        * sin(radians(60 * exp(-(((mean_h - 275) / 25) ** 2))))
    )
    dl, dc, dh = (l2 - l1) / scale_l, (c2 - c1) / scale_c, hue_step / scale_h
    return sqrt(dl**2 + dc**2 + dh**2 + rotation * dc * dh)


def _linear(color: str) -> Linear:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return red, green, blue


def _luminance(color: str) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _seen(color: str, vision: str) -> Linear:
    rgb = _linear(color)
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * channel for weight, channel in zip(row, rgb, strict=True))))
        for row in _VISION[vision]
    )
    return red, green, blue


def _lab(rgb: Linear) -> Linear:
    red, green, blue = rgb
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (
        t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
