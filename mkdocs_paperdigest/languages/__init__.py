"""The words of the interface, a file per language."""

from .interface_words import Words, WordsError, words
