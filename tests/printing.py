"""What tests of PDFs and pictures share: they need libraries that only whoever looks after the machine can install."""

import pytest

from app.web.printing import why_not

needs_printing = pytest.mark.skipif(bool(why_not()), reason=why_not())
