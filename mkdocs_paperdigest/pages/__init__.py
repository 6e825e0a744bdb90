"""What a reader sees: digest pages, the pages of keypoints, and lists that markers put anywhere."""
