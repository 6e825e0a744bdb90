"""The commands of `paperdigest`, a file each. Nothing here knows MkDocs."""
