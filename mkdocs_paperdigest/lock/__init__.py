"""`paperdigest.lock`: former addresses of papers and keypoints, and how they are found out. Nothing here knows MkDocs."""
