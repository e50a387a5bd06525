"""Names of the record fonts: the licence reserves the name of their sources, so they are called Record."""

from fontTools.ttLib import TTFont

OFL = (
    "This Font Software is licensed under the SIL Open Font License, Version 1.1. "
    "This license is available with a FAQ at: https://openfontlicense.org"
)
EPOCH = 3_850_000_000  # a fixed date in the head table, so that a second build gives the same bytes
_WINDOWS = (3, 1, 0x409)  # platform, encoding, language of the name table


def rename(font: TTFont, family: str, style: str, copyright_note: str) -> None:
    """Give the font its name, style and licence, and a fixed date."""
    table = font["name"]
    table.names = []
    postscript = f"{family}-{style}".replace(" ", "")
    texts = {
        0: copyright_note,
        1: family,
        2: style,
        3: postscript,
        4: f"{family} {style}",
        5: "Version 1.0",
        6: postscript,
        13: OFL,
        14: "https://openfontlicense.org",
    }
    for number, text in texts.items():
        table.setName(text, number, *_WINDOWS)
    bold, italic = style == "Bold", style == "Italic"
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (
        0x20 if bold else 0x01 if italic else 0x40
    )
    font["head"].macStyle = 1 if bold else 2 if italic else 0
    font["head"].created = font["head"].modified = EPOCH
    font.recalcTimestamp = False
