"""What keypoints there are and how they are written: `keypoints.yml`, acronyms, near-duplicates. Nothing here knows MkDocs."""
