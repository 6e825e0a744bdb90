"""The words of the interface (`en.yml`), and those that digests use for their parts (`en.toml`), a file of each per language."""

from .digest_words import digest_words
from .interface_words import Words, WordsError, words
