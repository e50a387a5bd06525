"""QR codes as SVG for a page whose policy allows no data: images."""

import io

import segno


def svg(text: str) -> str:
    """Return an `<svg>` element without inline style; colours come from the page (`currentColor` on white)."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, dark="#000", light="#fff", lineclass=None,
        svgclass="qr",
    )  # fmt: skip
    return out.getvalue().decode()
