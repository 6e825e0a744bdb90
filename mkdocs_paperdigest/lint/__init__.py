"""What is wrong with digests and keypoints, and what can be fixed with certainty."""

from .checks import lint, mended
from .figures import placed_figures
from .fixes import fixed, safe
