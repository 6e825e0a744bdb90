"""A site as plain Markdown, from which any generator builds pages: digests with links, lists, data and feeds. Nothing here knows MkDocs."""
