"""The words of the interface (`en.yml`), and those that digests use for their parts (`en.toml`): of each, a file per language that has them."""

from .digest_words import digest_words
from .interface_words import Words, WordsError, words
