"""The organisation's seal on a printed record: a PAdES B-B certification (no time stamp: the time is the
server's).

Certified with DocMDP level 2 (form filling): the record is final as it is, and a later archive time stamp
or a
person's signature in a reserved field would not break it. What pyHanko would change besides, it is kept
from here.
"""

import io
from functools import cache

import uharfbuzz as hb
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import constants
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import TextStampStyle

from records.press.glyphs import FONTS

FIELD = "sig-seal"
LEVEL = "PAdES B-B"
_STAMP_FONTS = ("RecordSans-Regular.ttf", "RecordHei-Regular.ttf")


class RecordWriter(IncrementalPdfFileWriter):
    """Writes a revision without touching XMP or Info, which pyHanko 0.38 rewrites at each (against PDF/A
    and the guard).
    """

    def _update_meta(self) -> None:
        return


class RecordSigner(signers.PdfSigner):
    """Registers the PAdES extension only: for P-256 pyHanko would also write version 2.0, and PDF/A-3 is
    1.7.
    """

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:  # noqa: ARG002
        """Add the one extension that the file needs."""
        pdf_out.register_extension(constants.ESIC_EXTENSION_1)


class _SubsetFont(FontEngineFactory):
    """Makes the font of a stamp from the glyphs of its text alone, so that Chinese is shown and the file
    stays small.
    """

    def __init__(self, text: str) -> None:
        self._content = _subset(_font_for(text), text)

    def create_font_engine(self, writer: BasePdfFileWriter, obj_stream: object = None) -> GlyphAccumulator:
        return GlyphAccumulator(
            writer=writer, font_handle=io.BytesIO(self._content), font_size=8, obj_stream=obj_stream
        )


@cache
def _face(name: str) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(FONTS / name)))


def _font_for(text: str) -> str:
    """Return the first stamp font that has all letters: Sans for Latin, Hei for Chinese and Latin."""
    for name in _STAMP_FONTS:
        if {ord(letter) for letter in text if letter != "\n"} <= set(_face(name).unicodes):
            return name
    return _STAMP_FONTS[-1]


def _subset(name: str, text: str) -> bytes:
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).update(ord(letter) for letter in text if letter != "\n")
    wanted.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG).clear()
    return bytes(hb.subset(_face(name), wanted).blob.data)


def _stamp(text: str) -> TextStampStyle:
    return TextStampStyle(
        stamp_text=text.replace("%", "%%"),
        border_width=0,
        background=None,
        inner_content_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MIN,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins(0, 0, 2, 2),
            inner_content_scaling=InnerScaling.SHRINK_TO_FIT,
        ),
        text_box_style=TextBoxStyle(font=_SubsetFont(text), font_size=8, leading=12, border_width=0),
    )


def sealed(
    content: bytes,
    *,
    signer: signers.Signer,
    organisation: str,
    reason: str,
    stamp: str,
    timestamper: TimeStamper | None = None,
) -> bytes:
    """Return the record closed by the organisation's signature in its reserved field.

    `stamp` is printed in the box of the seal. Raises pyHanko's SigningError; nothing is written then.
    """
    writer = RecordWriter(io.BytesIO(content))
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        name=organisation,
        reason=reason,
    )
    pdf_signer = RecordSigner(metadata, signer, timestamper=timestamper, stamp_style=_stamp(stamp))
    target = pdf_signer.sign_pdf(writer, existing_fields_only=True)
    return bytes(target.getvalue())
