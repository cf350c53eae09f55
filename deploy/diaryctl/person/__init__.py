"""diaryctl person: find somebody, hand out everything about them, erase them and prove it."""
