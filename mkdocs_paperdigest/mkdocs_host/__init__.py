"""All that knows MkDocs, but for the events in `plugin.py`: configuration, navigation, head, search, page classes, other plugins."""
