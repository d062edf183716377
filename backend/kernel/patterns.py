r"""Forms of texts in the contract, as regular expressions that Python and ECMAScript read alike.

Python's `$` also stands before a final line break: `(?!\n)` keeps that out.
"""

LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$(?!\n)"
"""One line: no control characters, and no line separators of Unicode."""

WORD = r"^[!-~]+$(?!\n)"
"""Printable ASCII without spaces."""

TERRITORY_CODE = r"^LV[0-9]{7}$(?!\n)"
