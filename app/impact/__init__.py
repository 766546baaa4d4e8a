"""What followed an intervention, estimated so that recovery which would have come anyway is not counted."""

import os

# The engine's matrices are small: on a busy machine BLAS threads wait for each other far longer than they work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
