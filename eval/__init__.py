"""Judged questions and what is measured on them: ``development`` reads them, ``calibration`` fits the refusal rule."""
